"""A small multilingual base from scratch: settings, tokenizer, corpus, objective, training, model card.

`lowres.pretraining.training.pretrain` does the whole; only the settings are imported here, without torch.
"""

from lowres.pretraining.config import DistilConfig, PretrainConfig, read_pretrain_config

__all__ = ["DistilConfig", "PretrainConfig", "read_pretrain_config"]
