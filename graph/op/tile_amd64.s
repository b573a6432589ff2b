#include "textflag.h"
#include "tile_amd64.h"

// Products of a few rows with a block that lies in a core's cache. The first argument is a
// *tileProduct; see tile_amd64.go for its fields.
#define tile_a    0
#define tile_b    8
#define tile_c    16
#define tile_k    24
#define tile_lda  32
#define tile_ldb  40
#define tile_ldc  48
#define tile_cols 56
#define tile_step 64
#define tile_keep 72

#define MADD(z0, z1, z2, z3, b) \
	VFMADD231PS  Z24, b, z0    \
	VFMADD231PS  Z25, b, z1    \
	VFMADD231PS  Z26, b, z2    \
	VFMADD231PS  Z27, b, z3

// ADDROW adds a row of the tile to the row of C at AX.
#define ADDROW(z0, z1, z2, z3) \
	VMOVUPS.Z (AX), K1, Z24    \
	VMOVUPS.Z 64(AX), K2, Z25  \
	VMOVUPS.Z 128(AX), K3, Z26 \
	VMOVUPS.Z 192(AX), K4, Z27 \
	VADDPS    z0, Z24, Z24     \
	VADDPS    z1, Z25, Z25     \
	VADDPS    z2, Z26, Z26     \
	VADDPS    z3, Z27, Z27     \
	VMOVUPS   Z24, K1, (AX)    \
	VMOVUPS   Z25, K2, 64(AX)  \
	VMOVUPS   Z26, K3, 128(AX) \
	VMOVUPS   Z27, K4, 192(AX) \
	ADDQ      R10, AX

// PUTROW writes it there.
#define PUTROW(z0, z1, z2, z3) \
	VMOVUPS   z0, K1, (AX)     \
	VMOVUPS   z1, K2, 64(AX)   \
	VMOVUPS   z2, K3, 128(AX)  \
	VMOVUPS   z3, K4, 192(AX)  \
	ADDQ      R10, AX

#define BEGIN \
	MOVQ tile_cols(R14), CX    \
	MOVQ R15, DX               \
	SHRQ $2, DX                \
	SUBQ DX, CX                \
	MASKS                      \
	MOVQ tile_b(R14), CX       \
	ADDQ R15, CX               \
	MOVQ tile_a(R14), SI       \
	MOVQ tile_k(R14), AX       \
	MOVQ tile_ldb(R14), R9     \
	MOVQ tile_lda(R14), R8     \
	MOVQ tile_step(R14), R11   \
	LEAQ (SI)(R8*2), DI        \
	ADDQ R8, DI

#define NEXT(again) \
	ADDQ $256, R15             \
	MOVQ tile_cols(R14), CX    \
	SHLQ $2, CX                \
	CMPQ R15, CX               \
	JLT  again

// func productTile6(t *tileProduct)
//
// C [6,cols] = A [6,k] B [k,cols], added to C where keep is not 0, 64 columns at a time.
TEXT ·productTile6(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	XORQ R15, R15

columns:
	BEGIN
	ZERO(Z0, Z1, Z2, Z3)
	ZERO(Z4, Z5, Z6, Z7)
	ZERO(Z8, Z9, Z10, Z11)
	ZERO(Z12, Z13, Z14, Z15)
	ZERO(Z16, Z17, Z18, Z19)
	ZERO(Z20, Z21, Z22, Z23)

product:
	LOAD
	VBROADCASTSS (SI), Z28
	MADD(Z0, Z1, Z2, Z3, Z28)
	VBROADCASTSS (SI)(R8*1), Z29
	MADD(Z4, Z5, Z6, Z7, Z29)
	VBROADCASTSS (SI)(R8*2), Z30
	MADD(Z8, Z9, Z10, Z11, Z30)
	VBROADCASTSS (DI), Z31
	MADD(Z12, Z13, Z14, Z15, Z31)
	VBROADCASTSS (DI)(R8*1), Z28
	MADD(Z16, Z17, Z18, Z19, Z28)
	VBROADCASTSS (DI)(R8*2), Z29
	MADD(Z20, Z21, Z22, Z23, Z29)
	ADDQ R9, CX
	ADDQ R11, SI
	ADDQ R11, DI
	DECQ AX
	JNZ  product

	MOVQ tile_c(R14), AX
	ADDQ R15, AX
	MOVQ tile_ldc(R14), R10
	CMPQ tile_keep(R14), $0
	JEQ  put
	ADDROW(Z0, Z1, Z2, Z3)
	ADDROW(Z4, Z5, Z6, Z7)
	ADDROW(Z8, Z9, Z10, Z11)
	ADDROW(Z12, Z13, Z14, Z15)
	ADDROW(Z16, Z17, Z18, Z19)
	ADDROW(Z20, Z21, Z22, Z23)
	JMP  next

put:
	PUTROW(Z0, Z1, Z2, Z3)
	PUTROW(Z4, Z5, Z6, Z7)
	PUTROW(Z8, Z9, Z10, Z11)
	PUTROW(Z12, Z13, Z14, Z15)
	PUTROW(Z16, Z17, Z18, Z19)
	PUTROW(Z20, Z21, Z22, Z23)

next:
	NEXT(columns)
	VZEROUPPER
	RET

// func productTile1(t *tileProduct)
//
// The same for one row.
TEXT ·productTile1(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	XORQ R15, R15

columns:
	BEGIN
	ZERO(Z0, Z1, Z2, Z3)

product:
	LOAD
	VBROADCASTSS (SI), Z28
	MADD(Z0, Z1, Z2, Z3, Z28)
	ADDQ R9, CX
	ADDQ R11, SI
	DECQ AX
	JNZ  product

	MOVQ tile_c(R14), AX
	ADDQ R15, AX
	MOVQ tile_ldc(R14), R10
	CMPQ tile_keep(R14), $0
	JEQ  put
	ADDROW(Z0, Z1, Z2, Z3)
	JMP  next

put:
	PUTROW(Z0, Z1, Z2, Z3)

next:
	NEXT(columns)
	VZEROUPPER
	RET

// DOTS adds 16 products of a row of A, in a register, with six rows of B, in Z24 … Z29.
#define DOTS(a, z0, z1, z2, z3, z4, z5) \
	VFMADD231PS Z24, a, z0     \
	VFMADD231PS Z25, a, z1     \
	VFMADD231PS Z26, a, z2     \
	VFMADD231PS Z27, a, z3     \
	VFMADD231PS Z28, a, z4     \
	VFMADD231PS Z29, a, z5

// FOLD adds the 16 lanes of a register up to four.
#define FOLD(z, y, x) \
	VEXTRACTF64X4 $1, z, Y30   \
	VADDPS        Y30, y, Y30  \
	VEXTRACTF32X4 $1, Y30, X31 \
	VADDPS        X30, X31, x

// SUMS adds the sums of six registers to the row of C at AX.
#define SUMS(z0, y0, z1, y1, z2, y2, z3, y3, z4, y4, z5, y5) \
	FOLD(z0, y0, X24)          \
	FOLD(z1, y1, X25)          \
	FOLD(z2, y2, X26)          \
	FOLD(z3, y3, X27)          \
	FOLD(z4, y4, X28)          \
	FOLD(z5, y5, X29)          \
	VUNPCKLPS X25, X24, X30    \
	VUNPCKHPS X25, X24, X31    \
	VADDPS    X31, X30, X24    \
	VUNPCKLPS X27, X26, X30    \
	VUNPCKHPS X27, X26, X31    \
	VADDPS    X31, X30, X25    \
	VUNPCKLPS X29, X28, X30    \
	VUNPCKHPS X29, X28, X31    \
	VADDPS    X31, X30, X26    \
	VUNPCKLPD X25, X24, X30    \
	VUNPCKHPD X25, X24, X31    \
	VADDPS    X31, X30, X24    \
	VADDPS    (AX), X24, X24   \
	VMOVUPS   X24, (AX)        \
	VUNPCKHPD X26, X26, X31    \
	VADDPS    X31, X26, X26    \
	VMOVSD    16(AX), X31      \
	VADDPS    X31, X26, X26    \
	VMOVSD    X26, 16(AX)      \
	ADDQ      R10, AX

#define LOADROWS \
	VMOVUPS (DI), Z24          \
	VMOVUPS (DI)(R9*1), Z25    \
	VMOVUPS (DI)(R9*2), Z26    \
	VMOVUPS (BX), Z27          \
	VMOVUPS (BX)(R9*1), Z28    \
	VMOVUPS (BX)(R9*2), Z29

#define LOADTAIL \
	VMOVUPS.Z (DI), K1, Z24       \
	VMOVUPS.Z (DI)(R9*1), K1, Z25 \
	VMOVUPS.Z (DI)(R9*2), K1, Z26 \
	VMOVUPS.Z (BX), K1, Z27       \
	VMOVUPS.Z (BX)(R9*1), K1, Z28 \
	VMOVUPS.Z (BX)(R9*2), K1, Z29

// func addDotTile46(t *tileProduct)
//
// C [4,6] += A [4,k] (B [6,k])ᵀ, 16 of the k at a time.
TEXT ·addDotTile46(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), R14
	MOVQ tile_a(R14), SI
	MOVQ tile_lda(R14), R8
	LEAQ (R8)(R8*2), R11
	MOVQ tile_b(R14), DI
	MOVQ tile_ldb(R14), R9
	LEAQ (DI)(R9*2), BX
	ADDQ R9, BX
	MOVQ tile_k(R14), CX
	ZERO(Z0, Z1, Z2, Z3)
	ZERO(Z4, Z5, Z6, Z7)
	ZERO(Z8, Z9, Z10, Z11)
	ZERO(Z12, Z13, Z14, Z15)
	ZERO(Z16, Z17, Z18, Z19)
	ZERO(Z20, Z21, Z22, Z23)
	SUBQ $16, CX
	JLT  tail

product:
	LOADROWS
	VMOVUPS (SI), Z30
	DOTS(Z30, Z0, Z1, Z2, Z3, Z4, Z5)
	VMOVUPS (SI)(R8*1), Z31
	DOTS(Z31, Z6, Z7, Z8, Z9, Z10, Z11)
	VMOVUPS (SI)(R8*2), Z30
	DOTS(Z30, Z12, Z13, Z14, Z15, Z16, Z17)
	VMOVUPS (SI)(R11*1), Z31
	DOTS(Z31, Z18, Z19, Z20, Z21, Z22, Z23)
	ADDQ $64, SI
	ADDQ $64, DI
	ADDQ $64, BX
	SUBQ $16, CX
	JGE  product

tail:
	ADDQ  $16, CX
	JZ    sums
	MOVQ  $1, DX
	SHLQ  CX, DX
	SUBQ  $1, DX
	KMOVW DX, K1
	LOADTAIL
	VMOVUPS.Z (SI), K1, Z30
	DOTS(Z30, Z0, Z1, Z2, Z3, Z4, Z5)
	VMOVUPS.Z (SI)(R8*1), K1, Z31
	DOTS(Z31, Z6, Z7, Z8, Z9, Z10, Z11)
	VMOVUPS.Z (SI)(R8*2), K1, Z30
	DOTS(Z30, Z12, Z13, Z14, Z15, Z16, Z17)
	VMOVUPS.Z (SI)(R11*1), K1, Z31
	DOTS(Z31, Z18, Z19, Z20, Z21, Z22, Z23)

sums:
	MOVQ tile_c(R14), AX
	MOVQ tile_ldc(R14), R10
	SUMS(Z0, Y0, Z1, Y1, Z2, Y2, Z3, Y3, Z4, Y4, Z5, Y5)
	SUMS(Z6, Y6, Z7, Y7, Z8, Y8, Z9, Y9, Z10, Y10, Z11, Y11)
	SUMS(Z12, Y12, Z13, Y13, Z14, Y14, Z15, Y15, Z16, Y16, Z17, Y17)
	SUMS(Z18, Y18, Z19, Y19, Z20, Y20, Z21, Y21, Z22, Y22, Z23, Y23)
	VZEROUPPER
	RET
