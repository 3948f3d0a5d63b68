"""What user code needs inside an axon, with nothing but the standard library.

Training code publishes metrics with `myelin.metric`, reads its hyperparameters with
`myelin.hpo`, finds its folders with `myelin.admin` and learns from what the deployed
model met with `myelin.feedback`.
"""

from myelin.errors import MyelinError
from myelin.outputs import data_hash

__all__ = ["MyelinError", "data_hash"]
__version__ = "0.0.0"
