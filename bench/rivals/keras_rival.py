"""TensorFlow as the rival, its Keras layers in one `tf.function` a step: any network that heddle describes."""

import os

from serve import missing, serve

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
try:
    import keras
    import tensorflow as tf
    from keras import layers
except ImportError as error:
    missing(f"Python has no tensorflow ({error})")


def window(node):
    return {
        "kernel_size": node["kernelSize"],
        "strides": node["strides"],
        "padding": node["padding"],
        "activation": node["activation"],
        "use_bias": node.get("useBias", True),
    }


LAYERS = {
    "activation": lambda node, _: layers.Activation(node["function"]),
    "add": lambda node, _: layers.Add(),
    "batchNorm": lambda node, first: layers.BatchNormalization(
        axis=1 if first else -1, momentum=node["momentum"], epsilon=node["epsilon"]
    ),
    "bilstm": lambda node, _: layers.Bidirectional(layers.LSTM(node["units"])),
    "conv2d": lambda node, _: layers.Conv2D(node["filters"], groups=node.get("groups", 1), **window(node)),
    "dense": lambda node, _: layers.Dense(
        node["units"], activation=node["activation"], use_bias=node.get("useBias", True)
    ),
    "depthwiseConv2d": lambda node, _: layers.DepthwiseConv2D(depth_multiplier=node["depthMultiplier"], **window(node)),
    "dropout": lambda node, _: layers.Dropout(node["rate"]),
    "flatten": lambda node, _: layers.Flatten(),
    "globalAveragePool2d": lambda node, _: layers.GlobalAveragePooling2D(),
    "lstm": lambda node, _: layers.LSTM(node["units"]),
    "maxPool2d": lambda node, _: layers.MaxPooling2D(node["poolSize"], node["strides"]),
    # Of images of one channel, whose numbers lie alike in every layout.
    "reshape": lambda node, _: layers.Reshape(node["targetShape"]),
}


def model_of(description, channels_first):
    keras.config.set_image_data_format("channels_first" if channels_first else "channels_last")
    height, width, channels = description["inputShape"]
    shape = (channels, height, width) if channels_first else (height, width, channels)
    x = keras.Input(shape)
    values = {"$images": x}
    for node in description["nodes"]:
        read = [values[name] for name in node["reads"]]
        x = LAYERS[node["type"]](node, channels_first)(read if len(read) > 1 else read[0])
        values[node["name"]] = x
    return keras.Model(values["$images"], x), shape


def build(question):
    """Gives a call for each turn, and how many numbers are trained"""
    # Once for the whole process: there is no other number of threads later.
    tf.config.threading.set_intra_op_parallelism_threads(question["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(question["threads"])
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model, shape = model_of(question["network"], question["layout"] == "channels-first")
    trained = sum(int(tf.size(each)) for each in model.trainable_variables)
    images = tf.random.normal((question["batch"], *shape))
    if question["kind"] == "infer":
        predict = tf.function(lambda x: tf.nn.softmax(model(x, training=False)))
        return lambda: predict(images).numpy(), trained

    labels = tf.random.uniform((question["batch"],), 0, 10, tf.int32)
    optimizer = keras.optimizers.Adam(1e-4)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x, training=True))
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return lambda: step(images, labels).numpy(), trained


serve("TensorFlow", tf.__version__, build)
