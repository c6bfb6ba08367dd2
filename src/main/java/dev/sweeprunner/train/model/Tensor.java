package dev.sweeprunner.train.model;

import java.util.List;

/**
 * A named array of float32 on the host.
 *
 * @param name as in PyTorch's state dictionary
 * @param shape row-major
 * @param values a copy that belongs to the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // A value carrier; nobody compares two tensors.
public record Tensor(String name, List<Integer> shape, float[] values) {}
