package dev.sweeprunner.train.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Looks whether this process can use a GPU, and which; takes none of its memory. */
final class Probe {
  /** Drivers of CUDA 11.8 and later read our kernels, which are PTX 7.8. */
  private static final int OLDEST_DRIVER = 11080;

  /** Our kernels are for this compute capability and later. */
  private static final int OLDEST_CAPABILITY = 8;

  private static final String VISIBLE =
      "CUDA_VISIBLE_DEVICES and the job's GPU request (such as Slurm's --gres=gpu:1) say which GPUs"
          + " a process sees.";

  private Probe() {}

  /** The GPU of this number, once the native library is loaded. */
  static GpuInfo find(int ordinal) throws NoCuda {
    int result = JCudaDriver.cuInit(0);
    if (result != CUresult.CUDA_SUCCESS) {
      throw result == CUresult.CUDA_ERROR_NO_DEVICE
          ? NoCuda.absent(noStart(result))
          : new NoCuda(noStart(result));
    }
    int version = driverVersion();
    if (version < OLDEST_DRIVER) {
      throw new NoCuda(tooOld(version));
    }
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
    if (count[0] == 0) {
      throw NoCuda.absent("The NVIDIA driver shows this process no GPU. " + VISIBLE);
    }
    if (ordinal < 0 || ordinal >= count[0]) {
      throw new NoCuda(outOfRange(ordinal, count[0]));
    }
    GpuInfo gpuInfo = gpuInfo(ordinal);
    if (gpuInfo.major() < OLDEST_CAPABILITY) {
      throw new NoCuda(tooSimple(gpuInfo));
    }
    return gpuInfo;
  }

  /** Why cuInit failed. */
  static String noStart(int result) {
    String text = "The NVIDIA driver does not start: " + Driver.text(result) + ". ";
    return switch (result) {
      case CUresult.CUDA_ERROR_NO_DEVICE ->
          "The NVIDIA driver shows this process no GPU: " + Driver.text(result) + ". " + VISIBLE;
      case CUresult.CUDA_ERROR_STUB_LIBRARY ->
          text
              + "The libcuda.so.1 that was found is the toolkit's stub; take its folder out of"
              + " LD_LIBRARY_PATH.";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          text
              + "libcuda.so.1 and the kernel's module are of different versions; a reboot after the"
              + " driver's update, or the container's driver folder, cures that.";
      case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          text
              + "The libcuda.so.1 that was found is of CUDA's compatibility package, which this GPU"
              + " does not take; take its folder out of LD_LIBRARY_PATH.";
      default -> text + "Where nvidia-smi fails too, the machine's driver needs repair.";
    };
  }

  /** Why a driver's version is not enough. */
  static String tooOld(int version) {
    return ("The NVIDIA driver is too old: it supports CUDA %s, and our kernels need CUDA %s, that"
            + " is driver 520 or later. Update it.")
        .formatted(version(version), version(OLDEST_DRIVER));
  }

  /** Why there is no GPU of this number. */
  static String outOfRange(int ordinal, int count) {
    return "There is no cuda:"
        + ordinal
        + ": this process sees "
        + (count == 1 ? "one GPU, cuda:0. " : count + " GPUs, cuda:0 to cuda:" + (count - 1) + ". ")
        + VISIBLE;
  }

  /** Why a GPU is too old. */
  static String tooSimple(GpuInfo gpuInfo) {
    return "%s has compute capability %s.%s; our kernels need 8.0 (A100) or later."
        .formatted(gpuInfo.label(), gpuInfo.major(), gpuInfo.minor());
  }

  private static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private static int driverVersion() throws NoCuda {
    int[] version = new int[1];
    check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
    return version[0];
  }

  private static GpuInfo gpuInfo(int ordinal) throws NoCuda {
    CUdevice device = new CUdevice();
    check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet");
    byte[] name = new byte[256];
    check(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
    long[] memory = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(memory, device), "cuDeviceTotalMem");
    return new GpuInfo(
        ordinal,
        text(name),
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device),
        memory[0],
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device),
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE, device));
  }

  private static int attribute(int attribute, CUdevice device) throws NoCuda {
    int[] value = new int[1];
    check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
    return value[0];
  }

  private static String text(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.UTF_8).strip();
  }

  private static void check(int result, String call) throws NoCuda {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new NoCuda(Driver.sentence(result, call));
    }
  }
}
