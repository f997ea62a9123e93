"""A second opinion on every number: plain DuckDB SQL over the raw records, sharing no code with the product.

Only what people, imports and the API write is read; nothing that `pipeline.settle` derives. The SQL follows the
catalogue's definitions word by word, at the cost of being slow.
"""

from tests.kpis.oracle.answers import oracle_answers
from tests.kpis.oracle.comparing import disagreements

__all__ = ["disagreements", "oracle_answers"]
