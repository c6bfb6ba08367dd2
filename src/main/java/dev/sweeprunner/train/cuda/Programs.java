package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.DeviceFailure;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are made again and again, as CUDA graphs: made the first time, so that what is only
 * made once is not part of the graph; recorded the second time; from then on one launch. A driver
 * that does not record gets the calls each time.
 */
final class Programs implements Resource {
  private final Gpu gpu;
  private final Stream stream;
  private final List<CUgraphExec> graphs = new ArrayList<>();
  private boolean recordable = true;
  private boolean recording;

  Programs(Gpu gpu, Stream stream) {
    this.gpu = gpu;
    this.stream = stream;
  }

  /** The calls as a program. */
  Runnable of(Runnable calls) {
    return new Program(calls);
  }

  @Override
  public void close() {
    if (!graphs.isEmpty() && gpu.tryEnter()) {
      stream.settle();
      graphs.forEach(JCudaDriver::cuGraphExecDestroy);
    }
    graphs.clear();
  }

  /** Null where this driver does not do it; nothing has happened on the GPU then. */
  private @Nullable CUgraphExec record(Runnable calls) {
    CUgraph graph = recorded(calls);
    if (graph == null) {
      return null;
    }
    CUgraphExec executable = new CUgraphExec();
    int result = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    JCudaDriver.cuGraphDestroy(graph);
    if (result != CUresult.CUDA_SUCCESS) {
      return null;
    }
    graphs.add(executable);
    return executable;
  }

  private @Nullable CUgraph recorded(Runnable calls) {
    gpu.enter();
    // Other threads of this process are none of this stream's business.
    int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
    if (JCudaDriver.cuStreamBeginCapture(stream.handle(), mode) != CUresult.CUDA_SUCCESS) {
      return null;
    }
    CUgraph graph = new CUgraph();
    boolean whole = false;
    boolean ended = false;
    recording = true;
    try {
      calls.run();
      whole = true;
    } catch (DeviceFailure refused) {
      // If it is more than a refusal to record, the same call will say so again.
    } finally {
      recording = false;
      ended = JCudaDriver.cuStreamEndCapture(stream.handle(), graph) == CUresult.CUDA_SUCCESS;
      if (ended && !whole) {
        JCudaDriver.cuGraphDestroy(graph);
      }
    }
    return ended && whole ? graph : null;
  }

  private final class Program implements Runnable {
    private final Runnable calls;
    private boolean made;
    private @Nullable CUgraphExec graph;

    Program(Runnable calls) {
      this.calls = calls;
    }

    @Override
    public void run() {
      if (graph == null && made && recordable && !recording) {
        graph = record(calls);
        recordable = graph != null;
      }
      if (graph == null || recording) {
        calls.run();
        made = true;
      } else {
        gpu.enter();
        Driver.check(JCudaDriver.cuGraphLaunch(graph, stream.handle()), "cuGraphLaunch");
      }
    }
  }
}
