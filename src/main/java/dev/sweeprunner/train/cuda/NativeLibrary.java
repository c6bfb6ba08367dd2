package dev.sweeprunner.train.cuda;

import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.io.InputStream;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Loads JCuda's half that is not Java. JCuda itself would unpack it to a fixed name in a folder
 * that all share and trust what lies there already; a file that another process has written half
 * ends the JVM. So it is given a folder where nothing but the right file can lie.
 */
final class NativeLibrary {
  private static final String NAME = "JCudaDriver-12.6.0";

  private final LibraryFolder folder;

  NativeLibrary(LibraryFolder folder) {
    this.folder = folder;
  }

  /** Makes JCuda usable, if it is not yet; the class loader sees to it that this happens once. */
  void load() throws NoCuda {
    String file = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(NAME));
    byte[] content = resource("/lib/" + file, "This build has no CUDA for this platform");
    try {
      folder.with(file, content, () -> JCudaDriver.setExceptionsEnabled(false));
    } catch (IOException e) {
      throw new NoCuda(
          ("JCuda's library (%s KiB) cannot be written to the temporary folder: %s. Free some space"
                  + " there, or set java.io.tmpdir to another folder.")
              .formatted(content.length >> 10, Why.at(e)),
          e);
    } catch (LinkageError e) {
      throw missing(e) ? NoCuda.absent(explain(e)) : new NoCuda(explain(e), e);
    }
  }

  /**
   * A file of the jar.
   *
   * @param lack what its absence means
   */
  static byte[] resource(String path, String lack) throws NoCuda {
    try (InputStream in = NativeLibrary.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new NoCuda(lack + ": it lacks " + path.substring(path.lastIndexOf('/') + 1) + ".");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new NoCuda("The program's jar cannot be read: " + Why.at(e) + ".", e);
    }
  }

  /** A sentence for what the dynamic linker said; JCuda packs that into pages of stack traces. */
  static String explain(LinkageError error) {
    String said = said(error);
    if (said.contains("libcuda.so.1")) {
      return "There is no NVIDIA driver: libcuda.so.1 cannot be loaded"
          + (said.contains("cannot open shared object file") ? "" : " (" + line(said) + ")")
          + ".";
    }
    if (said.contains("failed to map segment") || said.contains("Operation not permitted")) {
      return "JCuda's library cannot be loaded from the temporary folder, which seems to be mounted"
          + " noexec. Set java.io.tmpdir to another folder.";
    }
    return "JCuda's library cannot be loaded: " + line(said);
  }

  /** Whether there is no driver, as on any machine without a GPU. */
  private static boolean missing(LinkageError error) {
    String said = said(error);
    return said.contains("libcuda.so.1") && said.contains("cannot open shared object file");
  }

  private static String said(LinkageError error) {
    StringBuilder said = new StringBuilder();
    for (@Nullable Throwable t = error; t != null; t = t.getCause()) {
      said.append(t.getMessage()).append('\n');
    }
    return said.toString();
  }

  /** The line that tells most: the first that names a library's problem, else the first. */
  private static String line(String said) {
    return said.lines()
        .map(String::strip)
        .filter(line -> line.contains(".so") && line.contains(": "))
        .findFirst()
        .orElseGet(() -> said.lines().findFirst().orElse("no reason given"));
  }
}
