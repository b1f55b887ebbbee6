# SPDX-License-Identifier: MIT
"""The SD-card image: read back with mtools and, beside them, byte by byte."""

import os
import struct
import subprocess

import pytest

import emulators

SECTOR = 512
START, SECTORS = 2048, 260096  # 128 MiB in all, the first of them before the partition
CONFIG = os.path.join(emulators.TOP, "boards", "raspi", "config.txt")


def tool(*arguments):
    return subprocess.run([os.path.join(emulators.TOP, "tools", "sd_image"), *map(str, arguments)],
                          capture_output=True, text=True)


def written(tmp_path, name, parameters, kernel=None):
    out = tmp_path / name
    done = tool(out, kernel or emulators.image("bin"), CONFIG, parameters)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(p.name for p in tmp_path.glob(f"{name}*")) == [name]  # nothing left beside it
    return out


def file_of(card, name):
    return subprocess.run(["mtype", "-i", f"{card}@@1M", f"::/{name}"], check=True, capture_output=True,
                          env=dict(os.environ, MTOOLS_SKIP_CHECK="1")).stdout


class Fat32:
    """Just enough of it to find a file in the root directory: a second reader beside mtools."""

    def __init__(self, partition):
        self.data = partition
        (self.sector, cluster, reserved, fats) = struct.unpack_from("<HBHB", partition, 11)
        (self.hidden, self.sectors, fat_sectors) = struct.unpack_from("<III", partition, 28)
        self.root = struct.unpack_from("<I", partition, 44)[0]
        self.cluster = cluster * self.sector
        self.fat = reserved * self.sector
        self.first = self.fat + fats * fat_sectors * self.sector
        self.clusters = (self.sectors * self.sector - self.first) // self.cluster

    def chain(self, cluster):
        bytes_ = b""
        while cluster < 0x0FFFFFF8:
            at = self.first + (cluster - 2) * self.cluster
            bytes_ += self.data[at:at + self.cluster]
            cluster = struct.unpack_from("<I", self.data, self.fat + 4 * cluster)[0] & 0x0FFFFFFF
        return bytes_

    def files(self):
        root = self.chain(self.root)
        found = {}
        for at in range(0, len(root), 32):
            name, attributes = root[at:at + 11].decode("latin1"), root[at + 11]
            if name[0] in "\0\xe5" or attributes & 0x08:  # free, or the volume's or a long name
                continue
            high, low, size = struct.unpack("<H4xHI", root[at + 20:at + 32])
            found[f"{name[:8].strip()}.{name[8:].strip()}".lower()] = self.chain(high << 16 | low)[:size]
        return found


def test_partition_and_files(tmp_path):
    card = written(tmp_path, "sd.img", "exhibit=kmap-race  fix=pin")
    with open(card, "rb") as f:
        image = f.read()
    assert len(image) == 128 << 20
    assert image[510:512] == b"\x55\xaa"
    active, kind = image[446], image[450]
    start, sectors = struct.unpack_from("<II", image, 454)
    assert (active, kind, start, sectors) == (0x80, 0x0C, START, SECTORS)
    assert image[462:510] == bytes(48)  # no other partition
    assert (start + sectors) * SECTOR == len(image)

    fat = Fat32(image[start * SECTOR:])
    assert (fat.sector, fat.hidden, fat.sectors) == (SECTOR, START, SECTORS)
    assert fat.clusters >= 65525  # fewer would be FAT16, whatever the boot sector says
    with open(emulators.image("bin"), "rb") as f:
        kernel = f.read()
    with open(CONFIG, "rb") as f:
        config = f.read()
    want = {"kernel.img": kernel, "config.txt": config,
            "cmdline.txt": b"-- exhibit=kmap-race  fix=pin\n"}
    assert fat.files() == want
    for name, content in want.items():
        assert file_of(card, name) == content, name
    assert b"kernel=kernel.img" in config


def test_the_same_input_gives_the_same_bytes(tmp_path):
    kernel = tmp_path / "murphy.bin"
    kernel.write_bytes(b"kernel" * 1000)
    cards = []
    for n, when in enumerate([1, 1_700_000_000]):
        os.utime(kernel, (when, when))
        with open(written(tmp_path, f"{n}.img", "seed=7", kernel), "rb") as f:
            cards.append(f.read())
    assert cards[0] == cards[1]


def test_what_cannot_be_written(tmp_path):
    for arguments, said in [
        ((tmp_path / "a", tmp_path / "none.bin", CONFIG, ""), "none.bin: not there, or empty"),
        ((tmp_path / "a", emulators.image("bin"), CONFIG, "x" * 701), "701 letters of parameters; 700 is the most"),
        ((tmp_path / "no" / "a", emulators.image("bin"), CONFIG, ""), "cannot be written"),
    ]:
        done = tool(*arguments)
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
        assert list(tmp_path.iterdir()) == []
    assert tool().returncode == 2


def test_a_board_without_a_card():
    done = subprocess.run(["make", "-s", "--no-print-directory", "image", "BOARD=versatilepb"],
                          cwd=emulators.TOP, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.startswith("image: versatilepb does not start from a card; boards that do: ")


@pytest.mark.skipif(not os.path.exists(os.path.join(emulators.TOP, "boards", "raspi", "board.mk")),
                    reason="this tree has no board that starts from a card")
def test_make_image():
    done = subprocess.run(["make", "-s", "--no-print-directory", "image", "BOARD=raspi", "ARGS=seed=9"],
                          cwd=emulators.TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "bootcode.bin start.elf fixup.dat" in done.stdout
    card = os.path.join(emulators.TOP, "build", "raspi", "sd.img")
    assert file_of(card, "cmdline.txt") == b"-- seed=9\n"
    with open(emulators.image("bin", "raspi"), "rb") as f:
        assert file_of(card, "kernel.img") == f.read()
