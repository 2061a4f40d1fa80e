"""The architecture of the network. Keras is imported inside the functions, so the constants can be used without it."""

from app_tess.scoring.light_curve_model.inputs import GLOBAL_CHANNELS, LOCAL_CHANNELS, SCALAR_INPUTS
from app_tess.scoring.light_curve_model.shape_input import SHAPE_INPUTS
from app_tess.scoring.light_curve_model.views_file import CLASSES, GLOBAL_BINS, LOCAL_BINS

HEADS = ("kepler_pc", *CLASSES)
"""The outputs, in order, as logits: a planet candidate by the Kepler labels, which define one differently, then the
five classes, whose softmax gives their probabilities."""

DROPOUT = 0.3


def _branch(x, filters, stride):
    """Blocks of two convolutions of width 5 and a pooling by two, then a reduced feature map and its maxima."""
    from keras import layers

    for count in filters:
        for _ in range(2):
            x = layers.Conv1D(count, 5, stride, padding="same", use_bias=False)(x)
            stride = 1  # only the first convolution halves the resolution
            x = layers.BatchNormalization(momentum=0.95)(x)
            x = layers.ReLU()(x)
        x = layers.MaxPooling1D(3, 2, padding="same")(x)
    squeezed = layers.Flatten()(layers.Conv1D(12, 1, activation="relu")(x))
    return layers.Concatenate()([squeezed, layers.GlobalMaxPooling1D()(x)])


def build_network(seed, plan):
    """Build the two-branch network, with the filters of a TrainingPlan, initialized from the seed.

    Inputs `global_view` (B, 201, 4), `local_view` (B, 61, 5), `scalars` (B, 132), `shape` (B, 33); output `logits`
    (B, 6), see HEADS. The Kepler head has no access to the scalars, which the Kepler file lacks, nor to the shape.
    """
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    global_view = keras.Input((GLOBAL_BINS, GLOBAL_CHANNELS), name="global_view")
    local_view = keras.Input((LOCAL_BINS, LOCAL_CHANNELS), name="local_view")
    scalars = keras.Input((SCALAR_INPUTS,), name="scalars")
    shape = keras.Input((SHAPE_INPUTS,), name="shape")
    seen = layers.Concatenate()(
        [_branch(global_view, plan.global_filters, 2), _branch(local_view, plan.local_filters, 1)]
    )
    seen = layers.Dropout(DROPOUT)(layers.Dense(96, activation="relu")(layers.Dropout(DROPOUT)(seen)))
    kepler = layers.Dense(1)(layers.Dense(48, activation="relu")(seen))
    # in standard deviations and bounded, since some are ratios to the noise that have no upper limit
    bounded = layers.Activation("tanh")(layers.BatchNormalization(momentum=0.99, center=False, scale=False)(shape))
    numbers = layers.Concatenate()([scalars, bounded])
    tess = layers.Concatenate()([seen, layers.Dense(48, activation="relu")(numbers)])
    tess = layers.Dense(len(CLASSES))(layers.Dropout(DROPOUT)(layers.Dense(64, activation="relu")(tess)))
    return keras.Model([global_view, local_view, scalars, shape], layers.Concatenate(name="logits")([kepler, tess]))
