# SPDX-License-Identifier: MIT
# ARM926EJ-S: the values of BOARD_CPU and CPU= that this folder serves, and what QEMU and
# murphy-sim call each. (gcc is told -mcpu= that name, or what MCPU_name says.)
CPUS_arm926 := arm926ej-s
EMU_CPU_arm926ej-s := arm926
