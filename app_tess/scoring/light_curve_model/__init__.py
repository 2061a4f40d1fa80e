"""The network that judges a light curve by its folded views: data, model, training, evaluation, explanation.

Shallue & Vanderburg 2018, AJ 155, 94 (Kepler) and Yu et al. 2019, AJ 158, 25 (TESS) are the models followed. Only
`network.py` and `training.py` import Keras; everything that serves uses ONNX Runtime.
"""
