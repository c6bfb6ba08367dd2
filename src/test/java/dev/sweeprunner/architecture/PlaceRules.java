package dev.sweeprunner.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which calls belong to one place: files, processes, time, environment, chance, the terminal. */
final class PlaceRules {
  private static final String FILES = "java.nio.file.Files";

  private static final Set<String> CHANGING =
      Set.of(
          "write",
          "writeString",
          "newOutputStream",
          "newBufferedWriter",
          "newByteChannel",
          "createFile",
          "createDirectory",
          "createDirectories",
          "createLink",
          "createSymbolicLink",
          "createTempFile",
          "createTempDirectory",
          "move",
          "copy",
          "delete",
          "deleteIfExists",
          "setAttribute",
          "setLastModifiedTime",
          "setOwner",
          "setPosixFilePermissions");

  private static final Set<String> CHANGING_OPTIONS =
      Set.of("WRITE", "APPEND", "CREATE", "CREATE_NEW", "TRUNCATE_EXISTING", "DELETE_ON_CLOSE");

  private static final Set<String> WRITING_CLASSES =
      Set.of(
          "java.io.RandomAccessFile",
          "java.io.FileOutputStream",
          "java.io.FileWriter",
          "java.io.PrintWriter",
          "java.util.logging.FileHandler");

  private static final Set<String> CHANGING_FILE =
      Set.of(
          "createNewFile",
          "createTempFile",
          "delete",
          "deleteOnExit",
          "mkdir",
          "mkdirs",
          "renameTo",
          "setLastModified",
          "setReadable",
          "setWritable");

  private static final Set<String> PROPERTY_READERS =
      Set.of("getenv", "getProperty", "getProperties", "setProperty", "clearProperty");

  private final Rooms rooms;

  PlaceRules(Rooms rooms) {
    this.rooms = rooms;
  }

  List<Rule> all() {
    return List.of(
        rule("file changes in files", "one room knows how to make a change durable", "files")
            .on("change files", PlaceRules::changesFiles),
        rule(
                "processes in process, program.guard and host",
                "each has a limit or a guard",
                "process")
            .also("program.guard", "host")
            .on("start or inspect processes", PlaceRules::touchesProcesses),
        rule("clock in host and app", "a test must be able to move time", "host")
            .also(Rooms.APP)
            .on("read a clock", PlaceRules::readsClock),
        rule("sleep in host and app", "a stop request must end every wait", "host")
            .also(Rooms.APP)
            .on("sleep", PlaceRules::sleeps),
        rule("environment in host and app", "settings are read once, into records", "host")
            .also(Rooms.APP, Rooms.ROOT)
            .on("read the environment", PlaceRules::readsEnvironment),
        rule("chance in host and app", "a run must come out the same twice", "host")
            .also(Rooms.APP)
            .on("draw unseeded numbers", PlaceRules::drawsUnseeded),
        rule("UUIDs in their places", "a token is drawn where it is compared", "host")
            .also(Rooms.APP, "files", "claim", "wandb", "wandb.telemetry", "wandb.registry")
            .on("draw UUIDs", a -> is(a, "java.util.UUID", "randomUUID")),
        rule("terminal in cli and app", "what is printed is an answer to a user", "cli")
            .also(Rooms.APP, Rooms.ROOT, "cli.status", "cli.shell")
            .on("print or exit", PlaceRules::printsOrExits),
        rule("halt in host", "only a named crash point may end the process on the spot", "host")
            .on("halt", a -> is(a, "java.lang.Runtime", "halt")),
        new Rule(
            "no generic exceptions", GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS),
        new Rule(
            "no java.util.logging", GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING));
  }

  private static boolean changesFiles(JavaAccess<?> access) {
    String owner = owner(access);
    String name = access.getTarget().getName();
    return (owner.equals(FILES) && CHANGING.contains(name))
        || (owner.equals("java.nio.file.StandardOpenOption") && CHANGING_OPTIONS.contains(name))
        || (owner.equals("java.nio.channels.FileChannel") && name.equals("force"))
        || (owner.equals("java.io.File") && CHANGING_FILE.contains(name))
        || (WRITING_CLASSES.contains(owner) && name.equals("<init>") && takesFile(access))
        || (owner.equals("java.io.RandomAccessFile") && name.equals("<init>"));
  }

  private static boolean takesFile(JavaAccess<?> access) {
    String parameters = access.getTarget().getFullName();
    return parameters.contains("(java.io.File") || parameters.contains("(java.lang.String");
  }

  private static boolean touchesProcesses(JavaAccess<?> access) {
    return owner(access).equals("java.lang.ProcessBuilder")
        || owner(access).equals("java.lang.ProcessHandle")
        || is(access, "java.lang.Runtime", "exec");
  }

  private static boolean readsClock(JavaAccess<?> access) {
    String owner = owner(access);
    String name = access.getTarget().getName();
    return is(access, "java.lang.System", "currentTimeMillis", "nanoTime")
        || (owner.startsWith("java.time.") && name.equals("now"))
        || (owner.equals("java.time.Clock") && name.startsWith("system"))
        || access.getTarget().getFullName().equals("java.util.Date.<init>()");
  }

  private static boolean sleeps(JavaAccess<?> access) {
    return is(access, "java.lang.Thread", "sleep")
        || is(access, "java.util.concurrent.TimeUnit", "sleep")
        || is(access, "java.util.concurrent.locks.LockSupport", "parkNanos", "parkUntil");
  }

  private static boolean readsEnvironment(JavaAccess<?> access) {
    return (owner(access).equals("java.lang.System")
            && PROPERTY_READERS.contains(access.getTarget().getName()))
        || is(access, "java.lang.Boolean", "getBoolean")
        || is(access, "java.lang.Integer", "getInteger")
        || is(access, "java.lang.Long", "getLong");
  }

  private static boolean drawsUnseeded(JavaAccess<?> access) {
    String full = access.getTarget().getFullName();
    return full.equals("java.util.Random.<init>()")
        || full.equals("java.util.SplittableRandom.<init>()")
        || owner(access).equals("java.security.SecureRandom")
        || is(access, "java.util.concurrent.ThreadLocalRandom", "current")
        || is(access, "java.lang.Math", "random")
        || full.equals("java.util.Collections.shuffle(java.util.List)");
  }

  private static boolean printsOrExits(JavaAccess<?> access) {
    return is(access, "java.lang.System", "out", "err", "exit", "console")
        || is(access, "java.lang.Runtime", "exit")
        || access.getTarget().getFullName().endsWith(".printStackTrace()");
  }

  private static boolean is(JavaAccess<?> access, String owner, String... names) {
    return owner(access).equals(owner) && Set.of(names).contains(access.getTarget().getName());
  }

  private static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  private Draft rule(String name, String because, String place) {
    return new Draft(name, because, new String[] {place});
  }

  /** A rule in the making. */
  private final class Draft {
    private final String name;
    private final String because;
    private final String[] places;

    Draft(String name, String because, String[] places) {
      this.name = name;
      this.because = because;
      this.places = places;
    }

    Draft also(String... more) {
      String[] all = java.util.Arrays.copyOf(places, places.length + more.length);
      System.arraycopy(more, 0, all, places.length, more.length);
      return new Draft(name, because, all);
    }

    Rule on(String what, Predicate<JavaAccess<?>> access) {
      ArchRule check =
          noClasses()
              .that(rooms.outside(places))
              .should()
              .accessTargetWhere(DescribedPredicate.describe(what, access::test))
              .because(because);
      return new Rule(name, check);
    }
  }
}
