# SPDX-License-Identifier: MIT
# ARM926EJ-S: the values of BOARD_CPU and CPU= that this folder serves, and what QEMU and
# murphy-sim call each (gcc's -mcpu is the same name unless MCPU_name says another).
CPUS_arm926 := arm926ej-s
EMU_CPU_arm926ej-s := arm926
