# SPDX-License-Identifier: MIT
# ARM1136, ARM1176 and ARM11 MPCore: the values of BOARD_CPU and CPU= that this folder serves, and
# what QEMU and murphy-sim call each (gcc's -mcpu is the same name unless MCPU_name says another).
# An image of one of them runs on all.
CPUS_arm11 := arm1136jf-s arm1176jzf-s arm11mpcore
MCPU_arm11mpcore := mpcore
EMU_CPU_arm1136jf-s := arm1136
EMU_CPU_arm1176jzf-s := arm1176
EMU_CPU_arm11mpcore := arm11mpcore
