#include "textflag.h"

// Every n is a multiple of 8.

// func biasReluAVX(n int, o, bias *float32)
//
// o = max(o + bias, 0); NaN stays, and no zero is negative.
TEXT ·biasReluAVX(SB), NOSPLIT, $0-24
	MOVQ n+0(FP), CX
	MOVQ o+8(FP), DI
	MOVQ bias+16(FP), SI
	VXORPS Y8, Y8, Y8
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VMOVUPS (DI)(AX*4), Y0
	VADDPS  (SI)(AX*4), Y0, Y0
	VMAXPS  Y0, Y8, Y0
	VADDPS  Y8, Y0, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  loop

done:
	VZEROUPPER
	RET

// func gateAVX(n int, out, x, h *uint32)
//
// out = x where not h ≤ 0, else 0.
TEXT ·gateAVX(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ out+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ h+24(FP), DX
	VXORPS Y8, Y8, Y8
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VMOVUPS (DX)(AX*4), Y0
	VCMPPS  $6, Y8, Y0, Y0
	VANDPS  (SI)(AX*4), Y0, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  loop

done:
	VZEROUPPER
	RET

// func addScaledAVX(n int, out, x, y *float32, s float32)
//
// out = x + s y.
TEXT ·addScaledAVX(SB), NOSPLIT, $0-36
	MOVQ n+0(FP), CX
	MOVQ out+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ y+24(FP), DX
	VBROADCASTSS s+32(FP), Y8
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VMULPS  (DX)(AX*4), Y8, Y0
	VADDPS  (SI)(AX*4), Y0, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  loop

done:
	VZEROUPPER
	RET

// func scaleAVX(n int, out, x *float32, s float32)
//
// out = s x.
TEXT ·scaleAVX(SB), NOSPLIT, $0-28
	MOVQ n+0(FP), CX
	MOVQ out+8(FP), DI
	MOVQ x+16(FP), SI
	VBROADCASTSS s+24(FP), Y8
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VMULPS  (SI)(AX*4), Y8, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  loop

done:
	VZEROUPPER
	RET

// func mixAVX(n int, out, f, h *float32, beta float32)
//
// out = h + β (f − h).
TEXT ·mixAVX(SB), NOSPLIT, $0-36
	MOVQ n+0(FP), CX
	MOVQ out+8(FP), DI
	MOVQ f+16(FP), SI
	MOVQ h+24(FP), DX
	VBROADCASTSS beta+32(FP), Y8
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VMOVUPS (DX)(AX*4), Y1
	VMOVUPS (SI)(AX*4), Y0
	VSUBPS  Y1, Y0, Y0
	VMULPS  Y8, Y0, Y0
	VADDPS  Y0, Y1, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  loop

done:
	VZEROUPPER
	RET

// func dotDifferenceAVX(n int, out, f, h *float32, r *[8]float64)
//
// r += out (f − h), lane by lane, in double precision.
TEXT ·dotDifferenceAVX(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ out+8(FP), DI
	MOVQ f+16(FP), SI
	MOVQ h+24(FP), DX
	MOVQ r+32(FP), BX
	VMOVUPD (BX), Y10
	VMOVUPD 32(BX), Y11
	XORQ AX, AX

loop:
	CMPQ AX, CX
	JGE  done
	VCVTPS2PD (SI)(AX*4), Y0
	VCVTPS2PD (DX)(AX*4), Y1
	VSUBPD    Y1, Y0, Y0
	VCVTPS2PD (DI)(AX*4), Y2
	VMULPD    Y0, Y2, Y0
	VADDPD    Y0, Y10, Y10
	VCVTPS2PD 16(SI)(AX*4), Y0
	VCVTPS2PD 16(DX)(AX*4), Y1
	VSUBPD    Y1, Y0, Y0
	VCVTPS2PD 16(DI)(AX*4), Y2
	VMULPD    Y0, Y2, Y0
	VADDPD    Y0, Y11, Y11
	ADDQ $8, AX
	JMP  loop

done:
	VMOVUPD Y10, (BX)
	VMOVUPD Y11, 32(BX)
	VZEROUPPER
	RET
