package dev.sweeprunner.train.kernels;

/**
 * What a back end is: what bits depend on, and what speed is measured against.
 *
 * @param version of its arithmetic, such as {@code cpu-1}; two checkpoints of equal versions,
 *     devices and formats continue with equal bits
 * @param device kind of the device: {@code cpu}, or a GPU's model
 * @param dtype the format of matrix products: {@code float32} or {@code bfloat16}
 * @param peakFlops floating-point operations per second that the device can do at most in that
 *     format; 0 if unknown
 * @param apart whether it computes apart from the processors of this program's threads
 */
public record Traits(
    String version, String device, String dtype, double peakFlops, boolean apart) {}
