"""The connected product, as the tests of the shell use it."""

from tests.sync.conftest import bridge

__all__ = ["bridge"]
