/**
 * The CUDA back end: one NVIDIA GPU, driven through JCuda's driver binding and kernels of our own
 * in PTX. Needs nothing of the machine but the driver's {@code libcuda.so.1}, and says in a
 * sentence what is missing where there is none.
 *
 * <p>Promises the same bits for the same calls on the same model of GPU, whatever the size of the
 * slices: sums over tokens are cut by the shapes alone, and added in order. Every result of the
 * driver is looked at.
 *
 * <p>Knows neither the model nor the CPU back end, no file system, no clock and no environment:
 * what loading the native library needs of the machine, it is given as a {@link
 * dev.sweeprunner.train.cuda.LibraryFolder}.
 */
@NullMarked
package dev.sweeprunner.train.cuda;

import org.jspecify.annotations.NullMarked;
