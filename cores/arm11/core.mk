# SPDX-License-Identifier: MIT
# ARM1136, ARM1176 and ARM11 MPCore: the values of BOARD_CPU and CPU= that this folder serves, and
# what QEMU and murphy-sim call each. An image of one of them runs on all.
CPUS_arm11 := arm1136jf-s arm1176jzf-s arm11mpcore
EMU_CPU_arm1136jf-s := arm1136
EMU_CPU_arm1176jzf-s := arm1176
EMU_CPU_arm11mpcore := arm11mpcore
# gcc orders instructions for the core, but takes those that an ARM926 has too: started there, the
# image gets as far as to say that it is the wrong one. With -mcpu it would end in the first UXTB.
MCPU_arm1136jf-s := -march=armv5te -mtune=arm1136jf-s
MCPU_arm1176jzf-s := -march=armv5te -mtune=arm1176jzf-s
MCPU_arm11mpcore := -march=armv5te -mtune=mpcore
