"""Templates compiled once in a process: each test's application would spend 50 ms on it for its first page."""

from jinja2 import BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Kept in memory, by template and checksum of its source."""

    def __init__(self):
        self._compiled = {}

    def load_bytecode(self, bucket):
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self._compiled[bucket.key, bucket.checksum] = bucket.code
