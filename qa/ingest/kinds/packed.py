"""What the formats that are ZIP archives have in common: their limits, their faults in words, and XML in them."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from vectorstore.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

UNPACKED = 500 * 2**20  # bytes to which one document or book may unpack
DENSEST, SMALL = 200, 10 * 2**20  # times that words can be packed, and bytes up to which this is not looked at
_PIECE = 2**20
DAMAGE = (  # what zipfile raises for archives that are damaged, encrypted or packed by others' ways
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def problem_of(error: Exception, what: str) -> str:
    """Say in a few words what an archive's fault means."""
    if isinstance(error, NotImplementedError):
        return f"the {what} is packed in a way that is not known here"
    if type(error) is RuntimeError:  # zipfile's word for a member that asks for a password
        return f"the {what} is encrypted"
    return f"the {what} is damaged or was cut off"


def parsed(data: bytes) -> _Element | None:
    """Return the tree of an XML file, mended where it is broken, None where it is none; entities are left alone."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


class UnpackBudget:
    """The bytes that an archive may still unpack to; what it says about itself is not believed."""

    def __init__(self, total: int) -> None:
        self._left = total

    @property
    def spent(self) -> bool:
        """Whether nothing more may be unpacked."""
        return self._left < 0

    def unpack(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: BinaryIO, largest: int) -> None:
        """Unpack a member; raises Unreadable when it is larger than `largest`, or the archive than the budget.

        Nothing more is unpacked after a member that is packed as only a bomb is.
        """
        size = 0
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                self._left -= len(piece)
                if size > largest:
                    raise Unreadable(f"the file unpacks to more than {largest // 2**20} MB")
                if self.spent:
                    raise Unreadable("the archive unpacks to more than it may")
                if size > max(SMALL, DENSEST * member.compress_size):
                    self._left = -1
                    raise Unreadable(f"{member.filename} is packed more than {DENSEST} times, as nothing to read is")
                into.write(piece)
