package dev.sweeprunner.testkit;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/** A disk on which one call fails once, whichever it is. */
public final class FlakyFiles {
  private final FileSystem real = new LocalFiles();
  private int calls;
  private int failing;

  /** How many calls there were. */
  public int calls() {
    return calls;
  }

  /** From now on the call of this number, from 1, fails with EIO before it does anything. */
  public FileSystem failingAt(int call) {
    calls = 0;
    failing = call;
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (self, method, arguments) -> {
              if (++calls == failing
                  && Set.of(method.getExceptionTypes()).contains(IOException.class)) {
                throw new IOException("Input/output error");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
