"""The network that classifies a light curve by its folded views.

It follows Shallue & Vanderburg 2018, AJ 155, 94 (Kepler) and Yu et al. 2019, AJ 158, 25 (TESS). Only `network.py` and
`network_training.py` import Keras; scoring uses ONNX Runtime.
"""
