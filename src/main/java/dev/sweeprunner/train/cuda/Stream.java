package dev.sweeprunner.train.cuda;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A queue of the GPU's work: what is put into it happens in order, and later. */
final class Stream implements Resource {
  private final Gpu gpu;
  private final CUstream stream = new CUstream();
  private boolean open = true;

  Stream(Gpu gpu) {
    this.gpu = gpu;
    gpu.enter();
    Driver.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate");
  }

  CUstream handle() {
    return stream;
  }

  /**
   * From the beginning of the host's memory, which must stay as it is until then, to the device.
   */
  void copyIn(long to, Pinned from, long bytes) {
    gpu.enter();
    Driver.check(
        JCudaDriver.cuMemcpyHtoDAsync(Address.of(to), from.pointer(), bytes, stream),
        "cuMemcpyHtoDAsync");
  }

  /**
   * From the device to the beginning of the host's memory, which has it when the stream got there.
   */
  void copyOut(Pinned to, long from, long bytes) {
    gpu.enter();
    Driver.check(
        JCudaDriver.cuMemcpyDtoHAsync(to.pointer(), Address.of(from), bytes, stream),
        "cuMemcpyDtoHAsync");
  }

  /** Within the device. */
  void copy(long to, long from, long bytes) {
    gpu.enter();
    Driver.check(
        JCudaDriver.cuMemcpyDtoDAsync(Address.of(to), Address.of(from), bytes, stream),
        "cuMemcpyDtoDAsync");
  }

  /** Zeros; whole words of 4 bytes, rounded up. */
  void zero(long address, long bytes) {
    gpu.enter();
    Driver.check(
        JCudaDriver.cuMemsetD32Async(Address.of(address), 0, (bytes + 3) / 4, stream),
        "cuMemsetD32Async");
  }

  /** Marks this point of the stream. */
  void record(Event event) {
    gpu.enter();
    Driver.check(JCudaDriver.cuEventRecord(event.handle(), stream), "cuEventRecord");
  }

  /** What comes later in this stream waits for the event; the caller does not. */
  void await(Event event) {
    gpu.enter();
    Driver.check(JCudaDriver.cuStreamWaitEvent(stream, event.handle(), 0), "cuStreamWaitEvent");
  }

  /** Blocks the caller until everything is done. */
  void finish() {
    gpu.enter();
    Driver.check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
  }

  /** As {@link #finish}, for closing: what is lost is not waited for. */
  void settle() {
    if (gpu.tryEnter()) {
      JCudaDriver.cuStreamSynchronize(stream);
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      settle();
      JCudaDriver.cuStreamDestroy(stream);
    }
  }
}
