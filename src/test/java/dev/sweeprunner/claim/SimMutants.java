package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** The real claim code with one classic mistake each, made at its file system or beside it. */
@NullMarked
final class SimMutants {
  private SimMutants() {}

  private static RecordType typeIn(FileSystem files, Path temp) throws IOException {
    EncodedRecord record = new SimBlob(files.read(temp)).record();
    return record == null ? RecordType.CLAIM : record.record().type();
  }

  /** An owner that is believed dead loses its lock, and a new one is made. */
  static final class RemoveThenRecreate extends SimWorker {
    RemoveThenRecreate(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    Optional<Claim> claim(Process process, ClaimState state) {
      if (!(state instanceof ClaimState.Logged)) {
        return super.claim(process, state);
      }
      try {
        process.files.deleteTree(LAYOUT.lock(RUN));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.claim(process, new ClaimState.Unclaimed());
    }
  }

  /** A slot is taken by a rename, which replaces what stands there. */
  static final class RenameTakeover extends SimWorker {
    RenameTakeover(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        @Override
        public void link(Path newName, Path file) throws IOException {
          real.rename(file, newName);
        }
      };
    }
  }

  /** FINISH looks whether its slot is free, and then writes it. */
  static final class CheckThenFinish extends SimWorker {
    CheckThenFinish(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        @Override
        public void link(Path newName, Path file) throws IOException {
          if (typeIn(real, file) != RecordType.FINISH) {
            real.link(newName, file);
          } else if (real.list(LAYOUT.lock(RUN)).contains(newName.getFileName().toString())) {
            throw new FileAlreadyExistsException(newName.toString());
          } else {
            real.rename(file, newName);
          }
        }
      };
    }
  }

  /** "Exists" means lost, whoever's record it is. */
  static final class NoTokenAfterExists extends SimWorker {
    NoTokenAfterExists(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        private boolean exists;

        @Override
        public void link(Path newName, Path file) throws IOException {
          try {
            real.link(newName, file);
          } catch (FileAlreadyExistsException e) {
            exists = true;
            throw e;
          }
        }

        @Override
        public byte[] read(Path file) throws IOException {
          byte[] bytes = real.read(file);
          return exists ? "a rival's".getBytes(java.nio.charset.StandardCharsets.UTF_8) : bytes;
        }
      };
    }
  }

  /** A record of these types goes behind whatever stands in the log by now. */
  static class WithoutFence extends SimWorker {
    private final RecordType type;

    WithoutFence(String incarnation, SimRules rules, RecordType type) {
      super(incarnation, rules);
      this.type = type;
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        @Override
        public void link(Path newName, Path file) throws IOException {
          if (typeIn(real, file) == type) {
            int newest = Contents.of(real.list(LAYOUT.lock(RUN))).newest();
            real.link(newName.resolveSibling(Contents.slotName(newest + 1)), file);
          } else {
            real.link(newName, file);
          }
        }
      };
    }
  }

  /** A worker that was told that it lost FINISH cleans up all the same. */
  static final class FinishAfterSupersession extends SimWorker {
    FinishAfterSupersession(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    void finished(Process process, boolean won) {
      LockFolder folder = process.site.folder(RUN);
      try {
        new Janitor(process.site).finished(RUN, folder, folder.list(), Trace.OFF);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Compaction leaves nothing, so that the next claim begins at slot 1 again. */
  static final class EpochReusedAfterCompaction extends SimWorker {
    EpochReusedAfterCompaction(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    void finished(Process process, boolean won) {
      super.finished(process, won);
      if (won) {
        try {
          LockFolder folder = process.site.folder(RUN);
          for (int slot : folder.list().slots()) {
            process.files.delete(folder.path().resolve(Contents.slotName(slot)));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Nobody looks at the log after an append. */
  static final class NoListingAfterAppend extends SimWorker {
    NoListingAfterAppend(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        private String linked = "";

        @Override
        public void link(Path newName, Path file) throws IOException {
          real.link(newName, file);
          linked = newName.getFileName().toString();
        }

        @Override
        public List<String> list(Path folder) throws IOException {
          if (linked.isEmpty()) {
            return real.list(folder);
          }
          List<String> own = List.of(linked);
          linked = "";
          return own;
        }
      };
    }
  }

  /** An error of a link is taken for its success. */
  static final class ErrorIsSuccess extends SimWorker {
    ErrorIsSuccess(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        @Override
        public void link(Path newName, Path file) throws IOException {
          try {
            real.link(newName, file);
          } catch (FileAlreadyExistsException e) {
            throw e;
          } catch (IOException e) {
            return;
          }
        }
      };
    }
  }

  /** A record's name is not synced before its writer is told that it stands. */
  static final class NoSync extends SimWorker {
    NoSync(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    FileSystem port(FileSystem real, Process process) {
      return new Delegating(real) {
        @Override
        public void syncFolder(Path folder) {}
      };
    }
  }
}
