"""Look into a zip before anything of it is unpacked."""

import re
import zlib
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

_CHUNK = 1 << 20
_DAMAGED = (BadZipFile, NotImplementedError, OSError, EOFError, zlib.error, RuntimeError)
# A document type can hold entities that grow without end; no honest workbook has one.
_DOCTYPE = re.compile(rb"<\x00?!\x00?[Dd]\x00?[Oo]\x00?[Cc]\x00?[Tt]\x00?[Yy]\x00?[Pp]\x00?[Ee]")


class ArchiveRefused(ValueError):
    """The zip is damaged, unpacks to too much, or holds what it should not."""


def check(file: IO[bytes], *, most_bytes: int, most_files: int) -> list[ZipInfo]:
    """Return what is in a zip if all of it is safe to unpack; the file is left at its start.

    :param most_bytes: how much all files together may be once unpacked.
    :raises ArchiveRefused: otherwise.
    """
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, most_bytes=most_bytes, most_files=most_files)
            for member in members:
                if PurePosixPath(member.filename).suffix in {".xml", ".rels"}:
                    _check_markup(archive, member)
    except _DAMAGED as error:
        raise ArchiveRefused("The zip is damaged, or packed in an unusual way.") from error
    finally:
        file.seek(0)
    return members


def _check_members(members: list[ZipInfo], *, most_bytes: int, most_files: int) -> None:
    if len(members) > most_files:
        raise ArchiveRefused(f"The zip holds more than {most_files:,} files.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > most_bytes:
        raise ArchiveRefused(
            f"The zip unpacks to {unpacked // 2**20:,} MB; {most_bytes // 2**20} MB is the most."
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise ArchiveRefused("A name in the zip leads out of its folder.")
        if member.flag_bits & 0x1:
            raise ArchiveRefused("The zip is encrypted.")
        if path.name.lower() == "vbaproject.bin":
            raise ArchiveRefused("The workbook holds macros. Save it as “Excel workbook (.xlsx)”.")


def _check_markup(archive: ZipFile, member: ZipInfo) -> None:
    tail = b""
    with archive.open(member) as content:
        while chunk := content.read(_CHUNK):
            if _DOCTYPE.search(tail + chunk):
                raise ArchiveRefused("The workbook holds a document type, which is not allowed.")
            tail = chunk[-64:]
