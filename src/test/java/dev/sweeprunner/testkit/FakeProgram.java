package dev.sweeprunner.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program that does what a test says. */
public final class FakeProgram {
  private FakeProgram() {}

  /** Puts a shell script with this body into {@code folder}, in place of one of the same name. */
  public static void put(Path folder, String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
  }
}
