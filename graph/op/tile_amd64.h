// What tiles of 64 columns, in four registers of 16 each, have in common.

// MASKS makes K1 … K4 select the columns that are left, CX of them: 16 each.
#define MASKS \
	MOVQ  $-1, DX              \
	CMPQ  CX, $64              \
	JGE   3(PC)                \
	MOVQ  $1, DX               \
	SHLQ  CX, DX               \
	CMPQ  CX, $64              \
	JGE   2(PC)                \
	SUBQ  $1, DX               \
	KMOVW DX, K1               \
	SHRQ  $16, DX              \
	KMOVW DX, K2               \
	SHRQ  $16, DX              \
	KMOVW DX, K3               \
	SHRQ  $16, DX              \
	KMOVW DX, K4

// LOAD loads 64 columns of a row at CX.
#define LOAD \
	VMOVUPS.Z (CX), K1, Z24    \
	VMOVUPS.Z 64(CX), K2, Z25  \
	VMOVUPS.Z 128(CX), K3, Z26 \
	VMOVUPS.Z 192(CX), K4, Z27

// ZERO clears a row of a tile.
#define ZERO(z0, z1, z2, z3) \
	VPXORD z0, z0, z0          \
	VPXORD z1, z1, z1          \
	VPXORD z2, z2, z2          \
	VPXORD z3, z3, z3
