package dev.sweeprunner.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder with the real launcher, a build that writes a small file as the jar, JDKs whose {@code
 * java} prints what it was started with, and a PATH that holds only what the test puts there.
 */
final class Checkout {
  private static final String[] TOOLS = {
    "bash",
    "sh",
    "cat",
    "cksum",
    "cp",
    "env",
    "find",
    "flock",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sleep",
    "stat",
    "tail",
    "timeout",
    "touch"
  };

  /**
   * Prints its process id, its folder, its own place and its arguments; archives as java does.
   * Sends itself a signal before all that, if it is told one.
   */
  private static final String JAVA =
      """
      #!/bin/bash
      for argument; do
        case $argument in
          -XX:ArchiveClassesAtExit=*) echo archive >"${argument#*=}"; exit ;;
        esac
      done
      [[ -z ${SIGNAL:-} ]] || kill -s "$SIGNAL" $$
      printf '%s\\n' "pid $$" "in $PWD" "java $0" "JVM's own signal ${_JAVA_SR_SIGNUM:-}" "locale ${LC_ALL:-${LC_CTYPE:-}}" "$@"
      """;

  private static final String BUILD =
      """
      #!/bin/sh
      echo "$JAVA_HOME $*" >>builds
      for argument; do
        case $argument in -Dtarget.directory=*) to=${argument#*=} ;; esac
      done
      echo "compiling"
      printf '%b' "${BUILD_SAYS:-}"
      sleep ${BUILD_SECONDS:-0}
      [ -z "${BUILD_FAILS:-}" ] || { echo "cannot compile"; exit 1; }
      echo jar >"$to/sweep-runner.jar"
      """;

  private final Path base;
  private final Path root;

  /** Lays it out below an empty folder. */
  Checkout(Path base) throws IOException {
    this.base = base;
    this.root = base.resolve("check out");
    Files.createDirectories(root.resolve("src/main"));
    Files.createDirectories(root.resolve("config"));
    Files.createDirectories(base.resolve("jvms"));
    Files.createDirectories(base.resolve("bin"));
    Files.copy(Path.of("sweep-runner"), root.resolve("sweep-runner"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.writeString(root.resolve("application.yml"), "");
    Files.writeString(root.resolve("config/quickstart.toml"), "");
    Files.writeString(root.resolve("src/main/A.java"), "");
    script(root.resolve("mvnw"), BUILD);
    for (String tool : TOOLS) {
      script(base.resolve("bin").resolve(tool), "#!/bin/sh\nexec " + locate(tool) + " \"$@\"\n");
    }
  }

  /** The checkout's folder; its name holds a blank. */
  Path root() {
    return root;
  }

  /** The built jar. */
  Path jar() {
    return root.resolve("target/sweep-runner.jar");
  }

  /** Adds an installation; a JDK has a compiler. */
  Path java(String version, String modules, boolean compiler) throws IOException {
    Path home = base.resolve("jvms").resolve("java-" + version);
    install(home, version, modules, compiler);
    return home;
  }

  /** Makes a distribution of it: no sources, but a runtime and the jar. */
  void distribute(String version) throws IOException {
    install(root.resolve("runtime"), version, "java.sql", false);
    Files.createDirectories(root.resolve("app"));
    Files.writeString(root.resolve("app/sweep-runner.jar"), "shipped jar");
    Files.delete(root.resolve("mvnw"));
    Files.delete(root.resolve("pom.xml"));
    Files.delete(root.resolve("application.yml"));
    Files.delete(root.resolve("src/main/A.java"));
    Files.delete(root.resolve("src/main"));
    Files.delete(root.resolve("src"));
  }

  private static void install(Path home, String version, String modules, boolean compiler)
      throws IOException {
    Files.createDirectories(home.resolve("bin"));
    script(home.resolve("bin/java"), JAVA);
    if (compiler) {
      script(home.resolve("bin/javac"), "#!/bin/sh\n");
    }
    String release =
        """
        JAVA_RUNTIME_VERSION="%s+1"
        JAVA_VERSION="%s"
        MODULES="java.base %s"
        """;
    Files.writeString(home.resolve("release"), String.format(release, version, version, modules));
  }

  /** Takes a tool away from the PATH. */
  void without(String tool) throws IOException {
    Files.delete(base.resolve("bin").resolve(tool));
  }

  /** Puts a tool on the PATH. */
  void with(String tool, String text) throws IOException {
    script(base.resolve("bin").resolve(tool), text);
  }

  /** Starts the launcher in a folder of its own. */
  Started start(Map<String, String> environment, String... arguments) throws IOException {
    return start(root.resolve("sweep-runner"), environment, arguments);
  }

  /** Starts the launcher under another name. */
  Started start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path folder = Files.createDirectories(base.resolve("somewhere else"));
    Path out = Files.createTempFile(base, "out", "");
    Path err = Files.createTempFile(base, "err", "");
    builder.directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", base.resolve("bin").toString());
    builder.environment().put("HOME", base.resolve("home").toString());
    builder.environment().put("SWEEP_RUNNER_JVMS", base.resolve("jvms").toString());
    builder.environment().putAll(environment);
    return new Started(builder.start(), out, err);
  }

  /** The builds so far: the JDK and the arguments of each. */
  List<String> builds() throws IOException {
    Path log = root.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** What unfinished builds and locks left in the folder for built things. */
  List<String> litter() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("target"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(".work") || name.equals(".lock.d"))
          .toList();
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path locate(String tool) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(tool + " is not installed"));
  }

  /**
   * A launcher on its way.
   *
   * @param process the script, later java
   * @param out file with what it prints
   * @param err file with what it says
   */
  record Started(Process process, Path out, Path err) {
    /** Waits for its end and returns the exit code. */
    int exit() throws InterruptedException {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the launcher hangs");
      }
      return process.exitValue();
    }

    /** Sends it a signal. */
    void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("/bin/bash", "-c", "kill -s " + name + " " + process.pid())
          .start()
          .waitFor();
    }

    /** The lines it printed, after its end. */
    List<String> lines() throws IOException, InterruptedException {
      exit();
      return Files.readAllLines(out, StandardCharsets.UTF_8);
    }

    /** The lines on stderr, after its end. */
    List<String> said() throws IOException, InterruptedException {
      exit();
      return Files.readAllLines(err, StandardCharsets.UTF_8);
    }
  }
}
