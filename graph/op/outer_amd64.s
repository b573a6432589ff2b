#include "textflag.h"
#include "tile_amd64.h"

// Tiles of the outer product D = pᵀ h, [rows, 64] at a time, that stay in registers until the
// update that they are for has been made. The first argument is an *outerTile; see
// outer_amd64.go for its fields.
#define tile_p    0
#define tile_h    8
#define tile_n    16
#define tile_ldp  24
#define tile_ldh  32
#define tile_cols 40
#define tile_ld   48
#define tile_g    56
#define tile_w    64
#define tile_a    72
#define tile_sum  80
#define tile_oa   88
#define tile_ow   96
#define tile_oh   104
#define tile_s    112
#define tile_r    120
#define tile_k    128

// MADD adds p[n,i] times the row of h to the tile's row i, in z0 … z3.
#define MADD(at, b, z0, z1, z2, z3) \
	VBROADCASTSS at(DX), b     \
	VFMADD231PS  Z24, b, z0    \
	VFMADD231PS  Z25, b, z1    \
	VFMADD231PS  Z26, b, z2    \
	VFMADD231PS  Z27, b, z3

// STEP makes 16 weights of W' from D in d: w + (k a)(d − s w), the row at AX. SI w, DI a,
// R8 out, Z28 k, Z29 s.
#define STEP(at, mask, d) \
	VMOVUPS.Z    at(SI)(AX*1), mask, Z24 \
	PREFETCHT1   at(SI)(CX*1)            \
	VMOVUPS.Z    at(DI)(AX*1), mask, Z25 \
	PREFETCHT1   at(DI)(CX*1)            \
	VFNMADD231PS Z24, Z29, d             \
	VMULPS       Z25, Z28, Z25           \
	VFMADD231PS  d, Z25, Z24             \
	VMOVUPS      Z24, mask, at(R8)(AX*1)

#define STEPROW(z0, z1, z2, z3) \
	VBROADCASTSS (R9), Z29     \
	STEP(0, K1, z0)            \
	STEP(64, K2, z1)           \
	STEP(128, K3, z2)          \
	STEP(192, K4, z3)          \
	ADDQ         $4, R9        \
	ADDQ         R10, AX       \
	ADDQ         R10, CX

// BACK makes 16 elements of all that the reverse pass of a step has, the row at AX: with
// x = (k g) a, oa = sum + (k g)(d − s w), oh = x, ow = g − s x, r −= x w.
// SI w, DI a, R8 g, R11 sum, R12 oa, R13 ow, BX oh, Z28 k, Z29 s, Z30 r.
#define BACK(at, mask, d) \
	VMOVUPS.Z    at(R8)(AX*1), mask, Z24  \
	PREFETCHT1   at(R8)(CX*1)             \
	VMOVUPS.Z    at(SI)(AX*1), mask, Z26  \
	PREFETCHT1   at(SI)(CX*1)             \
	VMULPS       Z24, Z28, Z25            \
	VFNMADD231PS Z26, Z29, d              \
	VMOVUPS.Z    at(R11)(AX*1), mask, Z27 \
	PREFETCHT1   at(R11)(CX*1)            \
	VFMADD231PS  d, Z25, Z27              \
	VMOVUPS      Z27, mask, at(R12)(AX*1) \
	VMOVUPS.Z    at(DI)(AX*1), mask, Z31  \
	PREFETCHT1   at(DI)(CX*1)             \
	VMULPS       Z31, Z25, Z25            \
	VMOVUPS      Z25, mask, at(BX)(AX*1)  \
	VFNMADD231PS Z25, Z29, Z24            \
	VMOVUPS      Z24, mask, at(R13)(AX*1) \
	VFNMADD231PS Z25, Z26, Z30

#define BACKROW(z0, z1, z2, z3) \
	VBROADCASTSS (R9), Z29     \
	VMOVUPS      (DX), Z30     \
	BACK(0, K1, z0)            \
	BACK(64, K2, z1)           \
	BACK(128, K3, z2)          \
	BACK(192, K4, z3)          \
	VMOVUPS      Z30, (DX)     \
	ADDQ         $4, R9        \
	ADDQ         $64, DX       \
	ADDQ         R10, AX       \
	ADDQ         R10, CX

// PRODUCT6 leaves the tile's rows in Z0 … Z23. R14 is the tile, R15 the byte of the column.
#define PRODUCT6(loop) \
	MOVQ  tile_cols(R14), CX   \
	MOVQ  R15, DX              \
	SHRQ  $2, DX               \
	SUBQ  DX, CX               \
	MASKS                      \
	ZERO(Z0, Z1, Z2, Z3)       \
	ZERO(Z4, Z5, Z6, Z7)       \
	ZERO(Z8, Z9, Z10, Z11)     \
	ZERO(Z12, Z13, Z14, Z15)   \
	ZERO(Z16, Z17, Z18, Z19)   \
	ZERO(Z20, Z21, Z22, Z23)   \
	MOVQ  tile_h(R14), CX      \
	ADDQ  R15, CX              \
	MOVQ  tile_p(R14), DX      \
	MOVQ  tile_n(R14), AX      \
	MOVQ  tile_ldp(R14), R10   \
	MOVQ  tile_ldh(R14), R9    \
loop: \
	LOAD                       \
	MADD(0, Z28, Z0, Z1, Z2, Z3)       \
	MADD(4, Z29, Z4, Z5, Z6, Z7)       \
	MADD(8, Z30, Z8, Z9, Z10, Z11)     \
	MADD(12, Z31, Z12, Z13, Z14, Z15)  \
	MADD(16, Z28, Z16, Z17, Z18, Z19)  \
	MADD(20, Z29, Z20, Z21, Z22, Z23)  \
	ADDQ  R9, CX               \
	ADDQ  R10, DX              \
	DECQ  AX                   \
	JNZ   loop

// PRODUCT1 is PRODUCT6 for one row, in Z0 … Z3.
#define PRODUCT1(loop) \
	MOVQ  tile_cols(R14), CX   \
	MOVQ  R15, DX              \
	SHRQ  $2, DX               \
	SUBQ  DX, CX               \
	MASKS                      \
	ZERO(Z0, Z1, Z2, Z3)       \
	MOVQ  tile_h(R14), CX      \
	ADDQ  R15, CX              \
	MOVQ  tile_p(R14), DX      \
	MOVQ  tile_n(R14), AX      \
	MOVQ  tile_ldp(R14), R10   \
	MOVQ  tile_ldh(R14), R9    \
loop: \
	LOAD                       \
	MADD(0, Z28, Z0, Z1, Z2, Z3)       \
	ADDQ  R9, CX               \
	ADDQ  R10, DX              \
	DECQ  AX                   \
	JNZ   loop

#define AFTERSTEP \
	VBROADCASTSS tile_k(R14), Z28 \
	MOVQ  tile_s(R14), R9      \
	MOVQ  tile_ld(R14), R10    \
	MOVQ  R15, AX              \
	LEAQ  (R10)(R10*2), CX     \
	LEAQ  (AX)(CX*2), CX

// NEXT goes on with the next 64 columns, if there are any.
#define NEXT(again) \
	ADDQ  $256, R15            \
	MOVQ  tile_cols(R14), CX   \
	SHLQ  $2, CX               \
	CMPQ  R15, CX              \
	JLT   again

// func ojaStepTile6(t *outerTile)
TEXT ·ojaStepTile6(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	MOVQ tile_w(R14), SI
	MOVQ tile_a(R14), DI
	MOVQ tile_ow(R14), R8
	XORQ R15, R15

columns:
	PRODUCT6(product)
	AFTERSTEP
	STEPROW(Z0, Z1, Z2, Z3)
	STEPROW(Z4, Z5, Z6, Z7)
	STEPROW(Z8, Z9, Z10, Z11)
	STEPROW(Z12, Z13, Z14, Z15)
	STEPROW(Z16, Z17, Z18, Z19)
	STEPROW(Z20, Z21, Z22, Z23)
	NEXT(columns)
	VZEROUPPER
	RET

// func ojaStepTile1(t *outerTile)
TEXT ·ojaStepTile1(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	MOVQ tile_w(R14), SI
	MOVQ tile_a(R14), DI
	MOVQ tile_ow(R14), R8
	XORQ R15, R15

columns:
	PRODUCT1(product)
	AFTERSTEP
	STEPROW(Z0, Z1, Z2, Z3)
	NEXT(columns)
	VZEROUPPER
	RET

#define BACKPOINTERS \
	MOVQ tile_w(R14), SI       \
	MOVQ tile_a(R14), DI       \
	MOVQ tile_g(R14), R8       \
	MOVQ tile_sum(R14), R11    \
	MOVQ tile_oa(R14), R12     \
	MOVQ tile_ow(R14), R13     \
	MOVQ tile_oh(R14), BX

// func ojaBackTile6(t *outerTile)
TEXT ·ojaBackTile6(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	BACKPOINTERS
	XORQ R15, R15

columns:
	PRODUCT6(product)
	AFTERSTEP
	MOVQ tile_r(R14), DX
	BACKROW(Z0, Z1, Z2, Z3)
	BACKROW(Z4, Z5, Z6, Z7)
	BACKROW(Z8, Z9, Z10, Z11)
	BACKROW(Z12, Z13, Z14, Z15)
	BACKROW(Z16, Z17, Z18, Z19)
	BACKROW(Z20, Z21, Z22, Z23)
	NEXT(columns)
	VZEROUPPER
	RET

// func ojaBackTile1(t *outerTile)
TEXT ·ojaBackTile1(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	BACKPOINTERS
	XORQ R15, R15

columns:
	PRODUCT1(product)
	AFTERSTEP
	MOVQ tile_r(R14), DX
	BACKROW(Z0, Z1, Z2, Z3)
	NEXT(columns)
	VZEROUPPER
	RET
