package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.DeviceFailure;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The GPU's memory of one model: what is asked for is made in one piece, of zeros, when all is
 * known. So either everything fits or nothing is taken.
 */
final class Arena implements Resource {
  /** All spaces start at a multiple of this, more than any access of a kernel needs. */
  private static final long ALIGNMENT = 256;

  /** What a context and our kernels take of a GPU that nobody else uses, roughly. */
  private static final long CONTEXT = 300L << 20;

  private final Gpu gpu;
  private final Stream stream;
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<Space> asked = new ArrayList<>();

  /**
   * @param stream that all work on this memory goes through
   */
  Arena(Gpu gpu, Stream stream) {
    this.gpu = gpu;
    this.stream = stream;
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Room for this many bytes, from the next {@link #allocate} on. */
  Space ask(long bytes) {
    Space space = new Space(this, bytes);
    asked.add(space);
    return space;
  }

  /** Bytes that are taken. */
  long taken() {
    return chunks.stream().mapToLong(chunk -> chunk.bytes).sum();
  }

  /** Gives all spaces asked for since the last call their place; if that fails, forgets them. */
  void allocate() {
    List<Space> spaces = List.copyOf(asked);
    asked.clear();
    long bytes = spaces.stream().mapToLong(space -> aligned(space.bytes())).sum();
    if (bytes == 0) {
      return;
    }
    Chunk chunk = take(bytes);
    chunks.add(chunk);
    stream.zero(chunk.address, bytes);
    long offset = 0;
    for (Space space : spaces) {
      space.place(chunk.address + offset);
      offset += aligned(space.bytes());
      chunk.users.add(space);
    }
  }

  /**
   * Takes a space back. The memory goes with the last space of its piece, and the piece that the
   * scratch memory lies in with the kernels.
   */
  void giveBack(Space space) {
    for (Chunk chunk : List.copyOf(chunks)) {
      if (chunk.users.remove(space) && chunk.users.isEmpty()) {
        stream.settle();
        chunk.free();
        chunks.remove(chunk);
      }
    }
  }

  @Override
  public void close() {
    if (!chunks.isEmpty() && gpu.tryEnter()) {
      stream.settle();
      chunks.forEach(Chunk::free);
    }
    chunks.clear();
  }

  private Chunk take(long bytes) {
    gpu.enter();
    long[] free = new long[1];
    long[] total = new long[1];
    Driver.check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
    // Some systems lend the host's memory instead, slowly, where the GPU's does not do.
    if (bytes > free[0]) {
      throw lacking(gpu.gpuInfo(), bytes, free[0], total[0]);
    }
    Address address = new Address();
    int result = JCudaDriver.cuMemAlloc(address, bytes);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw lacking(gpu.gpuInfo(), bytes, free[0], total[0]);
    }
    Driver.check(result, "cuMemAlloc");
    return new Chunk(address, bytes);
  }

  /** The failure for lack of memory. */
  static DeviceFailure lacking(GpuInfo gpuInfo, long needed, long free, long total) {
    if (needed > total - CONTEXT) {
      return new DeviceFailure(
          DeviceFailure.Kind.TOO_SMALL,
          ("The model needs %s of GPU memory, and %s has only %s, the driver's own %s included."
                  + " It needs a larger GPU.")
              .formatted(
                  Driver.gib(needed), gpuInfo.label(), Driver.gib(total), Driver.gib(CONTEXT)));
    }
    return new DeviceFailure(
        DeviceFailure.Kind.FULL,
        ("The model needs %s of GPU memory, and of the %s of %s only %s are free. Others use the"
                + " rest: wait for them, or name another GPU (CUDA_VISIBLE_DEVICES, --device"
                + " cuda:N).")
            .formatted(Driver.gib(needed), Driver.gib(total), gpuInfo.label(), Driver.gib(free)));
  }

  /** One piece of the driver's. */
  private static final class Chunk {
    private final Address pointer;
    private final long address;
    private final long bytes;
    private final List<Space> users = new ArrayList<>();

    Chunk(Address pointer, long bytes) {
      this.pointer = pointer;
      this.address = pointer.number();
      this.bytes = bytes;
    }

    void free() {
      JCudaDriver.cuMemFree(pointer);
    }
  }
}
