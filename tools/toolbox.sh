# SPDX-License-Identifier: MIT
# The tools Murphy needs from its host: one table, one probe and one version query each.
#
# Sourced by tools/setup and tools/doctor; POSIX sh. Needs $top, the tree's top directory.

CROSS=${CROSS_COMPILE:-arm-none-eabi-}
HOSTCC=${HOSTCC:-cc}
QEMU=${QEMU:-qemu-system-arm}

# tool|wanted for|minimal version|Debian and Ubuntu packages|what it is for
# "wanted for" with a '?' behind: installed with the rest, and done without where it cannot be had.
TOOLS='make|build|3.81|make|runs the build
arm-gcc|build|8|gcc-arm-none-eabi|compiles the kernel
newlib|build|3.0|libnewlib-arm-none-eabi|the kernel'\''s strings, printf and conversions
qemu|qemu|5.0|qemu-system-arm|boots the image
cc|test|8|gcc libc6-dev|compiles the unit tests for the host
asan|test|-|gcc libc6-dev|runs the unit tests under AddressSanitizer and UBSan
cmocka|test|1.1|libcmocka-dev|the unit tests'\'' framework
libfdt|test|-|libfdt-dev|a second opinion on device trees, for the unit tests
pytest|test|6.0|python3 python3-pytest|the system tests'\'' framework
xdist|test?|2.0|python3-pytest-xdist|runs the system tests on all cores
gdb|gdb|8.0|gdb-multiarch|debugs the kernel
mtools|image|4.0|mtools|writes the FAT of an SD-card image
unicorn|bench|-|libunicorn-dev|a peer in the table of emulator speeds
clang-format|lint|14|clang-format|checks the layout of the sources
cppcheck|lint|2.0|cppcheck|finds faults in the sources'
WHATS='build qemu test gdb image bench lint'

scratch() {
	if [ -z "$scratch_dir" ]; then
		scratch_dir=$(mktemp -d) || exit 1
		trap 'rm -rf "$scratch_dir"' EXIT
	fi
}

# The gdb that knows ARM: its name differs from system to system.
find_gdb() {
	for gdb in ${GDB:-gdb-multiarch arm-none-eabi-gdb}; do
		command -v "$gdb" && return 0
	done
	return 1
}

# Compiles and links the program on standard input; the arguments are the command.
links() {
	scratch
	"$@" -x c - -o "$scratch_dir/a.out" >/dev/null 2>&1
}

have_make() { command -v make >/dev/null; }
have_arm_gcc() { command -v "${CROSS}gcc" >/dev/null; }
have_newlib() {
	# The header can be there without the library for this core: link for real.
	have_arm_gcc && links "${CROSS}gcc" -mcpu=arm926ej-s -marm --specs=nosys.specs <<-'EOF'
		#include <stdio.h>
		int main(int n, char **v) { return printf("%d %s", n, v[0]); }
	EOF
}
have_qemu() { command -v "$QEMU" >/dev/null; }
have_cc() {
	command -v "$HOSTCC" >/dev/null && links "$HOSTCC" <<-'EOF'
		#include <stdio.h>
		int main(void) { return puts("") < 0; }
	EOF
}
have_asan() {
	command -v "$HOSTCC" >/dev/null && echo 'int main(void) { return 0; }' |
		links "$HOSTCC" -fsanitize=address,undefined
}
have_cmocka() {
	scratch
	command -v "$HOSTCC" >/dev/null || return 1
	cat >"$scratch_dir/cmocka.c" <<-'EOF'
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <setjmp.h>
		#include <cmocka.h>
		int main(void) { return cmocka_run_group_tests_name("", (struct CMUnitTest *)0, 0, 0); }
	EOF
	# The library comes after the source, so links() will not do.
	"$HOSTCC" "$scratch_dir/cmocka.c" -lcmocka -o "$scratch_dir/a.out" >/dev/null 2>&1
}
have_libfdt() {
	scratch
	command -v "$HOSTCC" >/dev/null || return 1
	printf '#include <libfdt.h>\nint main(void) { return fdt_check_full("", 0) < 0; }' >"$scratch_dir/fdt.c"
	"$HOSTCC" "$scratch_dir/fdt.c" -lfdt -o "$scratch_dir/a.out" >/dev/null 2>&1
}
have_pytest() { "$top/tools/python" >/dev/null 2>&1; }
have_xdist() { have_pytest && "$top/tools/python" -c 'import xdist' 2>/dev/null; }
have_unicorn() {
	scratch
	command -v "$HOSTCC" >/dev/null || return 1
	echo 'int main(void) { return 0; }' >"$scratch_dir/unicorn.c"
	"$HOSTCC" "$scratch_dir/unicorn.c" -lunicorn -o "$scratch_dir/a.out" >/dev/null 2>&1
}
have_gdb() { find_gdb >/dev/null; }
have_mtools() { command -v mformat >/dev/null && command -v mcopy >/dev/null; }
have_clang_format() { command -v clang-format >/dev/null; }
have_cppcheck() { command -v cppcheck >/dev/null; }

# have TOOL, e.g. "have arm-gcc"
have() { "have_$(echo "$1" | tr - _)"; }

# The first thing on standard input that looks like a version number.
version_number() { grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1; }

# Prints the version found, or nothing if the tool does not tell.
version_of() {
	case $1 in
	make) make --version | version_number ;;
	arm-gcc) "${CROSS}gcc" -dumpfullversion ;;
	newlib) echo '#include <_newlib_version.h>' | "${CROSS}gcc" -E -dM - |
		sed -n 's/.*_NEWLIB_VERSION "\(.*\)"/\1/p' ;;
	qemu) "$QEMU" --version | version_number ;;
	cc) "$HOSTCC" -dumpfullversion 2>/dev/null || "$HOSTCC" -dumpversion ;;
	cmocka) pkg-config --modversion cmocka 2>/dev/null ||
		dpkg-query -W -f '${Version}' libcmocka-dev 2>/dev/null | version_number ;;
	pytest) "$top/tools/python" -c 'import pytest; print(pytest.__version__)' ;;
	xdist) "$top/tools/python" -c 'import xdist; print(xdist.__version__)' ;;
	mtools) mtools --version | version_number ;;
	gdb) "$(find_gdb)" --version | head -n 1 | grep -Eo '[0-9]+(\.[0-9]+)+' | tail -n 1 ;;
	clang-format) clang-format --version | version_number ;;
	cppcheck) cppcheck --version | version_number ;;
	esac
}

# older A B: is version A older than version B?
older() {
	[ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n |
		head -n 1)" = "$1" ]
}
