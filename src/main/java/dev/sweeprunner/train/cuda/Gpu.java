package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.DeviceFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * A GPU's primary context with our kernels in it. Kept until the process ends: what ends then is
 * the driver's business. May be used by several threads.
 */
final class Gpu {
  private final GpuInfo gpuInfo;
  private final CUdevice device;
  private final CUcontext context;
  private final List<CUmodule> modules = new ArrayList<>();
  private final Map<String, CUfunction> functions = new ConcurrentHashMap<>();
  private volatile @Nullable Thread user;

  private Gpu(GpuInfo gpuInfo, CUdevice device, CUcontext context) {
    this.gpuInfo = gpuInfo;
    this.device = device;
    this.context = context;
  }

  /**
   * Makes the context and compiles the kernels.
   *
   * @param texts PTX, each ending without a zero byte: what every GPU takes, then what only some do
   */
  static Gpu open(GpuInfo gpuInfo, List<byte[]> texts) {
    CUdevice device = new CUdevice();
    Driver.check(JCudaDriver.cuDeviceGet(device, gpuInfo.ordinal()), "cuDeviceGet");
    CUcontext context = new CUcontext();
    int result = JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
    if (result != CUresult.CUDA_SUCCESS) {
      throw noContext(result, gpuInfo);
    }
    Gpu gpu = new Gpu(gpuInfo, device, context);
    try {
      gpu.enter();
      texts.forEach(gpu::load);
    } catch (DeviceFailure failure) {
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
      throw failure;
    }
    return gpu;
  }

  private void load(byte[] ptx) {
    CUmodule module = new CUmodule();
    // The driver wants text that ends in a zero byte.
    byte[] text = Arrays.copyOf(ptx, ptx.length + 1);
    int result = JCudaDriver.cuModuleLoadData(module, text);
    if (result == CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION && !modules.isEmpty()) {
      return; // the GPU has what these kernels need, its driver is older: it goes without them
    }
    Driver.check(result, "cuModuleLoadData", "our kernels");
    modules.add(module);
  }

  /** Whether there are kernels whose products are those of four warps together. */
  boolean hasWarpgroups() {
    return modules.size() > 1;
  }

  GpuInfo gpuInfo() {
    return gpuInfo;
  }

  /** Ends this process's use of the GPU; nothing of this object may be used after it. */
  void release() {
    Driver.check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease");
  }

  /** Bytes that nobody uses at the moment. */
  long freeMemory() {
    enter();
    long[] free = new long[1];
    Driver.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "cuMemGetInfo");
    return free[0];
  }

  /** Makes the context the calling thread's, which every thread needs once; cheap after that. */
  void enter() {
    if (!tryEnter()) {
      Driver.check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }
  }

  /** The same without a failure, for giving back what a lost context may have taken along. */
  boolean tryEnter() {
    Thread caller = Thread.currentThread();
    if (user == caller) {
      return true;
    }
    if (JCudaDriver.cuCtxSetCurrent(context) != CUresult.CUDA_SUCCESS) {
      return false;
    }
    user = caller;
    return true;
  }

  /** One of our kernels. */
  CUfunction function(String name) {
    CUfunction known = functions.get(name);
    if (known != null) {
      return known;
    }
    CUfunction function = new CUfunction();
    int result = CUresult.CUDA_ERROR_NOT_FOUND;
    for (CUmodule module : modules) {
      result = JCudaDriver.cuModuleGetFunction(function, module, name);
      if (result != CUresult.CUDA_ERROR_NOT_FOUND) {
        break;
      }
    }
    Driver.check(result, "cuModuleGetFunction", name);
    functions.put(name, function);
    return function;
  }

  private static DeviceFailure noContext(int result, GpuInfo gpuInfo) {
    String why =
        switch (result) {
          case CUresult.CUDA_ERROR_OUT_OF_MEMORY -> "Others use all of its memory.";
          case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
              "Another process may have it for itself (compute mode Exclusive_Process).";
          default -> "Where nvidia-smi fails too, the machine's driver needs repair.";
        };
    String call = "cuDevicePrimaryCtxRetain of " + gpuInfo.label();
    return new DeviceFailure(
        Driver.failure(result, call).kind(), Driver.sentence(result, call) + " " + why);
  }
}
