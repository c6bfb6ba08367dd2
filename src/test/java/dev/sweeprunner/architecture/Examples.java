package dev.sweeprunner.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Small sources below the package {@code broken}, compiled into a folder and read by ArchUnit. */
final class Examples {
  private Examples() {}

  /**
   * Compiles sources and reads their classes.
   *
   * @param sources fully qualified class name to source
   * @param folder empty, for the class files
   */
  static JavaClasses compile(Map<String, String> sources, Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach((name, source) -> units.add(new Source(name, source)));
      List<String> options = List.of("-proc:none", "-nowarn");
      boolean good = compiler.getTask(complaints, files, null, options, null, units).call();
      if (!good) {
        throw new IllegalStateException(complaints.toString());
      }
    }
    return new ClassFileImporter().importPath(folder);
  }

  /** One source in memory. */
  static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
