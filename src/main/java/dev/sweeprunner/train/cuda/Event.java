package dev.sweeprunner.train.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A point in a stream's work that others wait for; one that was never recorded is past. */
final class Event implements Resource {
  private final Gpu gpu;
  private final CUevent event = new CUevent();
  private boolean open = true;

  Event(Gpu gpu) {
    this.gpu = gpu;
    gpu.enter();
    Driver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
  }

  CUevent handle() {
    return event;
  }

  /** Blocks the caller until the work before the newest record is done. */
  void await() {
    gpu.enter();
    Driver.check(JCudaDriver.cuEventSynchronize(event), "cuEventSynchronize");
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      if (gpu.tryEnter()) {
        JCudaDriver.cuEventDestroy(event);
      }
    }
  }
}
