#include "textflag.h"

// func ojaRowAVX(n int, o, w, d, a *float32, k, s float32)
//
// o = w + (k a) (d − s w), eight elements at a time; n is a multiple of 8.
TEXT ·ojaRowAVX(SB), NOSPLIT, $0-48
	MOVQ n+0(FP), CX
	MOVQ o+8(FP), DI
	MOVQ w+16(FP), SI
	MOVQ d+24(FP), DX
	MOVQ a+32(FP), BX
	VBROADCASTSS k+40(FP), Y8
	VBROADCASTSS s+44(FP), Y9
	XORQ AX, AX

row:
	CMPQ AX, CX
	JGE  done
	VMOVUPS (SI)(AX*4), Y0
	VMOVUPS (DX)(AX*4), Y1
	VMULPS  Y9, Y0, Y2
	VSUBPS  Y2, Y1, Y1
	VMULPS  (BX)(AX*4), Y8, Y3
	VMULPS  Y1, Y3, Y3
	VADDPS  Y3, Y0, Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	JMP  row

done:
	VZEROUPPER
	RET

// func ojaBackRowAVX(n int, oh, oa, ow, out, w, d, a, sum *float32, k, s float32, r *[8]float64)
//
// With g in out: x = (k g) a; oh = x; oa = sum + (k g) (d − s w); ow = g − s x; r −= x w, lane by lane;
// n is a multiple of 8.
TEXT ·ojaBackRowAVX(SB), NOSPLIT, $0-88
	MOVQ n+0(FP), CX
	MOVQ oh+8(FP), DI
	MOVQ oa+16(FP), SI
	MOVQ ow+24(FP), DX
	MOVQ out+32(FP), BX
	MOVQ w+40(FP), R8
	MOVQ d+48(FP), R9
	MOVQ a+56(FP), R10
	MOVQ sum+64(FP), R11
	VBROADCASTSS k+72(FP), Y8
	VBROADCASTSS s+76(FP), Y9
	MOVQ r+80(FP), R12
	VMOVUPD (R12), Y10
	VMOVUPD 32(R12), Y11
	XORQ AX, AX

back:
	CMPQ AX, CX
	JGE  end
	VMOVUPS (BX)(AX*4), Y0
	VMOVUPS (R8)(AX*4), Y1
	VMULPS  Y0, Y8, Y2
	VMULPS  Y1, Y9, Y3
	VMOVUPS (R9)(AX*4), Y4
	VSUBPS  Y3, Y4, Y4
	VMULPS  Y4, Y2, Y4
	VADDPS  (R11)(AX*4), Y4, Y4
	VMULPS  (R10)(AX*4), Y2, Y2
	VMULPS  Y2, Y9, Y5
	VSUBPS  Y5, Y0, Y0
	VMULPS  Y1, Y2, Y6
	VMOVUPS Y4, (SI)(AX*4)
	VMOVUPS Y2, (DI)(AX*4)
	VMOVUPS Y0, (DX)(AX*4)
	VCVTPS2PD    X6, Y7
	VEXTRACTF128 $1, Y6, X6
	VCVTPS2PD    X6, Y6
	VSUBPD       Y7, Y10, Y10
	VSUBPD       Y6, Y11, Y11
	ADDQ $8, AX
	JMP  back

end:
	VMOVUPD Y10, (R12)
	VMOVUPD Y11, 32(R12)
	VZEROUPPER
	RET
