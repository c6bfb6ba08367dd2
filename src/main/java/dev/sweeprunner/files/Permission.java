package dev.sweeprunner.files;

import dev.sweeprunner.problem.Obstacle;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Whose a folder is that this user may not change, and which command of the owner's mends it. */
final class Permission {
  private Permission() {}

  /** Why this user may not list and change it, or null where it is not for lack of a right. */
  static @Nullable Obstacle lacking(Path folder) {
    try {
      folder
          .getFileSystem()
          .provider()
          .checkAccess(folder, AccessMode.READ, AccessMode.WRITE, AccessMode.EXECUTE);
      return null;
    } catch (AccessDeniedException denied) {
      return told(folder);
    } catch (NoSuchFileException absent) {
      Path parent = folder.getParent();
      return parent == null ? null : lacking(parent);
    } catch (IOException other) {
      return null;
    }
  }

  private static Obstacle told(Path folder) {
    try {
      PosixFileAttributes mode = Files.readAttributes(folder, PosixFileAttributes.class);
      String owner = mode.owner().getName();
      String fact =
          folder
              + " belongs to "
              + owner
              + " ("
              + PosixFilePermissions.toString(mode.permissions())
              + ", group "
              + mode.group().getName()
              + "), and this user may not write there";
      return new Obstacle(fact, owner + " mends it with: " + command(folder, mode));
    } catch (IOException | UnsupportedOperationException e) {
      return new Obstacle(
          folder + " may not be written by this user", "Give its group the right to write there");
    }
  }

  /** Those who share a storage root share the group of the folder above. */
  private static String command(Path folder, PosixFileAttributes mode) {
    String path = "'" + folder.toString().replace("'", "'\\''") + "'";
    String group = groupAbove(folder);
    String change = "chmod -R g+rwX " + path;
    return group == null || group.equals(mode.group().getName())
        ? change
        : "chgrp -R " + group + " " + path + " && " + change;
  }

  private static @Nullable String groupAbove(Path folder) {
    try {
      Path parent = folder.getParent();
      return parent == null
          ? null
          : Files.readAttributes(parent, PosixFileAttributes.class).group().getName();
    } catch (IOException unknown) {
      return null;
    }
  }
}
