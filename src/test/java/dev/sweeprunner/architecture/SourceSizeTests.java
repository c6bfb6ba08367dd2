package dev.sweeprunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.architecture.SourceSizes.Part;
import dev.sweeprunner.architecture.SourceSizes.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** No file and no method of the program outgrows its reader. */
class SourceSizeTests {
  private static final Path MAIN = Path.of("src", "main", "java");

  @Test
  void main_files_and_methods_stay_within_their_limits() throws IOException {
    List<Size> sizes = read(MAIN);

    assertThat(sizes).isNotEmpty();
    assertThat(sizes.stream().flatMap(size -> complaints(size).stream())).isEmpty();
  }

  @Test
  void a_long_method_a_long_lambda_and_a_long_file_are_found() throws IOException {
    String body = "int a;\n".repeat(39);
    String source =
        "class Long {\n"
            + ("void fits() {\n" + "int a;\n".repeat(38) + "}\n")
            + ("@Deprecated\nvoid tooLong() {\n" + body + "}\n")
            + ("Runnable r = () -> {\n" + body + "};\n")
            + ("static {\n" + body + "}\n")
            + "//\n".repeat(300)
            + "}\n";

    Size size = SourceSizes.of(List.of(new Examples.Source("a.Long", source))).get(0);

    assertThat(complaints(size))
        .containsExactlyInAnyOrder(
            "/a/Long.java:42: tooLong has 42 lines of at most 40",
            "/a/Long.java:84: lambda has 41 lines of at most 40",
            "/a/Long.java:125: initialiser has 41 lines of at most 40",
            "/a/Long.java has 466 lines of at most 350");
  }

  @Test
  void kernels_may_be_longer() throws IOException {
    String source = "class K {\nvoid k() {\n" + "int a;\n".repeat(78) + "}\n" + "//\n".repeat(500);
    List<Examples.Source> sources =
        List.of(
            new Examples.Source("dev.sweeprunner.train.cpu.K", source + "}\n"),
            new Examples.Source("dev.sweeprunner.train.model.K", source + "}\n"));

    List<Size> sizes = SourceSizes.of(sources);

    assertThat(complaints(sizes.get(0))).isEmpty();
    assertThat(complaints(sizes.get(1))).hasSize(2);
  }

  private static List<String> complaints(Size size) {
    String name = size.name().replace('\\', '/');
    boolean kernels = name.contains("/train/kernels/") || name.contains("/train/cpu/");
    int lines = kernels ? 600 : 350;
    int partLines = kernels ? 80 : 40;
    List<String> found = new ArrayList<>();
    if (size.lines() > lines) {
      found.add(name + " has " + size.lines() + " lines of at most " + lines);
    }
    for (Part part : size.parts()) {
      if (part.lines() > partLines) {
        String where = name + ":" + part.line() + ": " + part.what();
        found.add(where + " has " + part.lines() + " lines of at most " + partLines);
      }
    }
    return found;
  }

  private static List<Size> read(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder);
        StandardJavaFileManager files =
            ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
      List<Path> sources = walk.filter(path -> path.toString().endsWith(".java")).toList();
      return SourceSizes.of(files.getJavaFileObjectsFromPaths(sources));
    }
  }
}
