"""Train the ensemble: one member per fold and seed, each on the Kepler and TESS stars of the other folds.

Every star thus has members that were not trained on it, which give held-out scores for the whole data set; a new star
is scored by all members. Every epoch ends with a checkpoint of weights, optimizer and random state, so an interrupted
training resumes where it stopped and ends in the same network.
"""

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.augment import augment
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network import build_network
from app_tess.scoring.light_curve_model.trees import fit_trees
from app_tess.scoring.light_curve_model.views_file import CLASSES


def _keep_quiet(line):
    """Ignore a progress report."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """All N events of all files whose label is at least partly known.

    `answers` (N, 1 + 2 x 5 + 1): whether it is a Kepler PC and the weight of that, which classes are possible, their
    weight, as `masked_loss` takes them; `fold` (N,) is that of each event's star.
    """

    global_view: np.ndarray
    local_view: np.ndarray
    secondary_view: np.ndarray
    scalars: np.ndarray
    answers: np.ndarray
    fold: np.ndarray

    def views(self, rows):
        """The four input arrays of some rows, in the order of `augment` and `network_inputs`."""
        return self.global_view[rows], self.local_view[rows], self.secondary_view[rows], self.scalars[rows]


def _answers(views, possible, weight):
    """(N, 8): Kepler PC, its weight, the possible classes, their weight, which is 0 for an unlabeled event."""
    is_kepler = views.mission == "kepler"
    kepler = views.label == "PC" if is_kepler else np.zeros(len(views), bool)
    return np.column_stack(
        [kepler, np.full(len(views), is_kepler), possible, weight * (~possible.all(axis=1)) * (not is_kepler)]
    ).astype(np.float32)


def join_views(files, objects):
    """Combine several ViewsFile into a TrainingSet.

    Parameters
    ----------
    files : list of ViewsFile
    objects : Objects
        The labels of the events in the TESS files, in the same order.

    Raises
    ------
    TrainingError
        A Kepler file has no labels; the message names it.
    """
    answers, at = [], 0
    for views in files:
        if views.mission == "tess":
            rows = slice(at, at + len(views))
            at = rows.stop
            answers.append(_answers(views, objects.possible[rows], objects.weight[rows]))
        elif views.label is None:
            raise TrainingError(f"{views.source} has no array 'label', so the network cannot be trained on it.")
        else:
            answers.append(_answers(views, np.ones((len(views), len(CLASSES)), bool), 0.0))
    columns = [
        [*views.inputs, answer, fold_of_star(views.star_id)] for views, answer in zip(files, answers, strict=True)
    ]
    joined = [np.concatenate(arrays) for arrays in zip(*columns, strict=True)]
    used = (joined[4][:, 1] > 0) | (joined[4][:, -1] > 0)
    return TrainingSet(*(array[used] for array in joined))


def masked_loss(answers, logits):
    """Return the cross-entropy of the Kepler head plus minus the log-probability that the class is a possible one.

    With a single possible class the latter is the cross-entropy.
    """
    from keras import ops

    planet, kepler_weight, possible, weight = answers[:, 0], answers[:, 1], answers[:, 2:-1], answers[:, -1]
    kepler = ops.softplus(logits[:, 0]) - logits[:, 0] * planet
    classes = logits[:, 1:]
    allowed = ops.logsumexp(ops.where(possible > 0, classes, -30.0), axis=-1)
    return kepler_weight * kepler + weight * (ops.logsumexp(classes, axis=-1) - allowed)


def _epoch_batches(data, rows, plan, seed, epoch):
    """Shuffled, augmented batches of one epoch, fixed by seed and epoch, so that a resumed epoch gets the same."""
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(rows)
    for start in range(0, len(order) - plan.batch_size + 1, plan.batch_size):
        batch = order[start : start + plan.batch_size]
        yield network_inputs(*augment(*(*data.views(batch), rng))), data.answers[batch]


def _compile(model, plan, steps):
    import keras

    schedule = keras.optimizers.schedules.CosineDecay(
        plan.final_learning_rate,
        max(steps * plan.epochs - steps, 1),
        warmup_target=plan.peak_learning_rate,
        warmup_steps=steps,
    )
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=plan.weight_decay, use_ema=True, ema_momentum=plan.ema_momentum
    )
    model.compile(optimizer=optimizer, loss=masked_loss)


def _seed_dropout(model, seed, epoch):
    """Set the random state of each dropout layer from seed and epoch: Keras does not store it in a saved model."""
    for i, layer in enumerate(layer for layer in model.layers if hasattr(layer, "seed_generator")):
        layer.seed_generator.state.assign([seed * 1000 + epoch, i])


def _resume(folder, seed, plan):
    """(model, next epoch, progress) from the last complete checkpoint if there is one, else a new network."""
    import keras

    state = folder / "progress.json"
    if state.exists():
        progress = json.loads(state.read_text())
        checkpoint = folder / progress["checkpoint"]
        if checkpoint.exists():
            return (
                keras.models.load_model(checkpoint, custom_objects={"masked_loss": masked_loss}),
                progress["epochs_done"],
                progress,
            )
    return build_network(seed, plan), 0, None


def train_member(data, fold, seed, plan, folder, report=_keep_quiet):
    """Train one member on all folds but `fold` and return its ONNX bytes; a finished member is read back.

    Parameters
    ----------
    data : TrainingSet
    folder : Path
        One for each member; checkpoints stay there until it is finished.
    report : callable
        Called with one line per epoch.

    Raises
    ------
    TrainingError
        Fewer events than a batch remain to train on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "member.onnx"
    if done.exists():
        report(f"fold {fold}, seed {seed}: already trained")
        return done.read_bytes()
    rows = np.flatnonzero(data.fold != fold)
    steps = len(rows) // plan.batch_size
    if steps < 1:
        raise TrainingError(
            f"Only {len(rows)} events remain to train on without fold {fold}: at least {plan.batch_size} are needed."
        )
    _make_repeatable()
    model, first_epoch, resumed = _resume(folder, seed * FOLDS + fold, plan)
    if resumed is None:
        _compile(model, plan, steps)
    for epoch in range(first_epoch, plan.epochs):
        _seed_dropout(model, seed * FOLDS + fold, epoch)
        losses = [
            float(model.train_on_batch(inputs, answers))
            for inputs, answers in _epoch_batches(data, rows, plan, seed * FOLDS + fold, epoch)
        ]
        _checkpoint(model, folder, epoch + 1)
        report(f"fold {fold}, seed {seed}: epoch {epoch + 1} of {plan.epochs}, loss {losses[-1]:.4f}")
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return _finish(model, folder)


def _checkpoint(model, folder, epochs_done):
    """Write the new checkpoint, point to it, then delete the old one, so that a usable one exists at any moment."""
    name = f"epoch{epochs_done:03d}.keras"
    model.save(folder / name)
    temporary = folder / "progress.json.part"
    temporary.write_text(json.dumps({"epochs_done": epochs_done, "checkpoint": name}))
    temporary.replace(folder / "progress.json")
    for old in folder.glob("epoch*.keras"):
        if old.name != name:
            old.unlink()


def _finish(model, folder):
    from app_tess.scoring.light_curve_model.export import to_onnx

    content = to_onnx(model)
    part = folder / "member.onnx.part"
    part.write_bytes(content)
    part.replace(folder / "member.onnx")
    for rest in [*folder.glob("epoch*.keras"), folder / "progress.json"]:
        rest.unlink(missing_ok=True)
    return content


def train_ensemble(files, data, plan, work, report=_keep_quiet, jobs=1):
    """Train every member of the plan.

    Parameters
    ----------
    files : list of ViewsFile
        What `data` was made from, to recognize an interrupted training.
    data : TrainingSet
    plan : TrainingPlan
    work : Path
        Folder that holds what is needed to resume after an interruption.
    report : callable
        Called with one line per epoch; with `jobs` > 1 it must be a function in a module.
    jobs : int
        Networks and trees trained in parallel, each in a process of one thread (small convolutions gain little from
        more).

    Returns
    -------
    dict of (int, int) to (bytes, Trees)
        By fold and seed: the network's ONNX bytes, and the fold's trees, which take under a minute and are not kept.

    Raises
    ------
    TrainingError
        `work` holds a training with another plan or other data, or too few events.
    """
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    settings = {name: value for name, value in asdict(plan).items() if name != "seeds"}
    begun = json.dumps({"plan": settings, "data": {v.source: len(v) for v in files}})
    note = work / "plan.json"
    if note.exists() and json.loads(note.read_text()) != json.loads(begun):
        raise TrainingError(
            f"{work} holds a training with another plan or other data; name another folder or delete it."
        )
    note.write_text(begun)
    members = [(fold, seed) for seed in range(plan.seeds) for fold in range(FOLDS)]
    tasks = (
        repeat(data),
        *zip(*members, strict=True),
        repeat(plan),
        [work / f"fold{fold}_seed{seed}" for fold, seed in members],
        repeat(report),
    )
    of_trees = repeat(data), range(FOLDS)
    if jobs == 1:
        networks, trees = list(map(train_member, *tasks)), list(map(fit_trees, *of_trees))
    else:  # "spawn": TensorFlow hangs in a forked process
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            found = pool.map(train_member, *tasks), pool.map(fit_trees, *of_trees)
            networks, trees = map(list, found)
    return {(fold, seed): (network, trees[fold]) for (fold, seed), network in zip(members, networks, strict=True)}


def _make_repeatable():
    """Restrict TensorFlow in this process to one thread and to deterministic operations."""
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.experimental.enable_op_determinism()
    except RuntimeError:
        pass  # TensorFlow is already in use in this process, so its threads cannot be changed
