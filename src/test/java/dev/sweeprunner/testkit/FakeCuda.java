package dev.sweeprunner.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A libcuda.so.1 that needs no GPU: it checks every call and runs our kernels on the CPU. Built
 * from src/test/cuda and src/main/cuda by g++, once for each state of those sources.
 *
 * <p>{@code -Dfake-cuda.kernels=no} leaves out the kernels of src/main/cuda.
 */
public final class FakeCuda {
  private static final Path OWN = Path.of("src/test/cuda");
  private static final Path KERNELS = Path.of("src/main/cuda");
  private static final Path BUILT = Path.of("target/fake-cuda");
  private static final String LIBRARY = "libcuda.so.1";
  private static @Nullable FakeCuda loaded;

  private final Path folder;

  private FakeCuda(Path folder) {
    this.folder = folder;
  }

  /** Puts the library into a folder, for a process that has it in LD_LIBRARY_PATH. */
  public static FakeCuda in(Path folder) throws IOException {
    var library = library();
    if (library.isEmpty()) {
      return abort("NO FAKE CUDA: no g++ on the PATH, so nothing of the CUDA back end is tested");
    }
    Files.createDirectories(folder);
    Files.copy(library.get(), folder.resolve(LIBRARY), StandardCopyOption.REPLACE_EXISTING);
    var fake = new FakeCuda(folder.toAbsolutePath());
    fake.configure(Map.of());
    return fake;
  }

  /**
   * Loads the library into this JVM, where JCuda then finds it: the dynamic linker takes what is
   * loaded under the name that it needs. To be called before JCuda is touched.
   */
  public static synchronized FakeCuda load() throws IOException {
    if (loaded == null) {
      var folder = Files.createTempDirectory("fake-cuda");
      var fake = in(folder);
      System.load(folder.resolve(LIBRARY).toString());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      loaded = fake;
    }
    return loaded;
  }

  /** The library, built where it is not yet; empty where there is no C++ compiler. */
  public static Optional<Path> library() throws IOException {
    var compiler = compiler();
    if (compiler.isEmpty()) {
      return Optional.empty();
    }
    var flags = new ArrayList<String>();
    flags.add(compiler.get().toString());
    flags.addAll(List.of("-O2", "-std=c++17", "-fPIC", "-fvisibility=hidden", "-pthread"));
    flags.addAll(List.of("-ffp-contract=off", "-fno-fast-math", "-DEMULATED"));
    flags.addAll(List.of("-I", OWN.toString(), "-I", KERNELS.toString()));
    if (hasFma()) {
      flags.add("-march=x86-64-v3");
    }
    var headers =
        hash(flags.toString().getBytes(UTF_8), files(OWN, ".hpp"), files(KERNELS, ".cuh"));
    var objects = new ArrayList<Path>();
    for (var source : sources()) {
      objects.add(object(flags, source, headers));
    }
    var whole = BUILT.resolve(hash(objects.toString().getBytes(UTF_8))).resolve(LIBRARY);
    if (!Files.exists(whole)) {
      var words = new ArrayList<String>();
      words.addAll(List.of(compiler.get().toString(), "-shared", "-pthread"));
      words.add("-Wl,-soname," + LIBRARY);
      objects.forEach(object -> words.add(object.toString()));
      make(whole, words);
    }
    return Optional.of(whole.toAbsolutePath());
  }

  /** Where the library, its settings, its log and its report are. */
  public Path folder() {
    return folder;
  }

  /**
   * Settings for the next cuInit, or the next context of a device; src/test/cuda/driver.hpp has the
   * keys. Empties the log and the report.
   */
  public void configure(Map<String, String> settings) throws IOException {
    var all = new LinkedHashMap<String, String>();
    all.put("log", logFile().toString());
    all.put("report", reportFile().toString());
    all.putAll(settings);
    var text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    var draft = folder.resolve("fake-cuda.conf.new");
    Files.writeString(draft, text);
    Files.move(draft, folder.resolve("fake-cuda.conf"), StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(logFile(), "");
    Files.writeString(reportFile(), "");
  }

  /** What the host or a kernel did that it must not; to be empty at the end of a test. */
  public List<String> violations() throws IOException {
    return Files.readAllLines(reportFile());
  }

  /** The calls that matter, each a line, in their order. */
  public List<String> log() throws IOException {
    return Files.readAllLines(logFile());
  }

  /** The lines of the log that are kernel launches. */
  public List<String> launches() throws IOException {
    return log().stream().filter(line -> line.startsWith("launch ")).toList();
  }

  private Path logFile() {
    return folder.resolve("fake-cuda.log");
  }

  private Path reportFile() {
    return folder.resolve("fake-cuda.violations");
  }

  private static Optional<Path> compiler() {
    return Stream.of(
            Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "g++"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Without it, fmaf is a slow function; its results are the same. */
  private static boolean hasFma() throws IOException {
    var info = Path.of("/proc/cpuinfo");
    if (!System.getProperty("os.arch").equals("amd64") || !Files.isReadable(info)) {
      return false;
    }
    try (var lines = Files.lines(info)) {
      return lines.anyMatch(
          line -> line.startsWith("flags") && line.contains(" fma ") && line.contains(" avx2 "));
    }
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<>(files(OWN, ".cpp"));
    if (!System.getProperty("fake-cuda.kernels", "").equals("no")) {
      sources.addAll(files(KERNELS, ".cu"));
    }
    return sources;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static Path object(List<String> flags, Path source, String headers) throws IOException {
    var name = source.getFileName() + "-" + hash(headers.getBytes(UTF_8), List.of(source)) + ".o";
    var object = BUILT.resolve("objects").resolve(name);
    if (!Files.exists(object)) {
      var words = new ArrayList<>(flags);
      words.addAll(List.of("-c", "-x", "c++", source.toString()));
      make(object, words);
    }
    return object;
  }

  /** Several JVMs may make the same file: each under a name of its own, then moved into place. */
  private static void make(Path file, List<String> command) throws IOException {
    Files.createDirectories(file.getParent());
    var draft = Files.createTempFile(file.getParent(), "draft", "");
    try {
      var words = new ArrayList<>(command);
      words.addAll(List.of("-o", draft.toString()));
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", words) + "\n" + said);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while building " + file, e);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  @SafeVarargs
  private static String hash(byte[] first, List<Path>... files) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      for (var list : files) {
        for (var file : list) {
          digest.update(file.toString().getBytes(UTF_8));
          digest.update(Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void remove(Path folder) {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
