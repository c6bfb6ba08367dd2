package dev.sweeprunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * No message names a Java class: what Java's own exceptions say becomes words in {@code
 * problem.Why} alone. Their own messages are a bare path, a class, or both.
 */
class MessageTests {
  private static final Path MAIN = Path.of("src", "main", "java");

  /** Why, who may know nobody, and who reads a message to find out what happened. */
  private static final Set<String> MAY =
      Set.of(
          "Why.java",
          "Command.java",
          "Heartbeat.java",
          "NativeLibrary.java",
          "FailureMapper.java",
          "Handshakes.java");

  /** Types of Java itself, or a union of them. */
  private static final Pattern JAVAS =
      Pattern.compile(
          "\\b((\\w*IO|FileSystem|Runtime|Execution|Interrupted|GeneralSecurity|SQL|DateTime"
              + "|NumberFormat|Illegal\\w+|UnsupportedOperation|NullPointer)?Exception|Throwable"
              + "|(Linkage|OutOfMemory)?Error)\\b");

  private static final Set<String> SAYS = Set.of("getMessage", "getLocalizedMessage", "toString");
  private static final Set<String> PRINTS =
      Set.of("valueOf", "format", "formatted", "printf", "print", "println", "append");

  @Test
  void what_java_says_of_a_failure_becomes_words_in_one_place() throws IOException {
    try (Stream<Path> walk = Files.walk(MAIN);
        StandardJavaFileManager files =
            ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
      List<Path> sources =
          walk.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !MAY.contains(path.getFileName().toString()))
              .toList();

      assertThat(sources).isNotEmpty();
      assertThat(found(files.getJavaFileObjectsFromPaths(sources))).isEmpty();
    }
  }

  @Test
  void each_way_to_say_it_is_found() throws IOException {
    String source =
        """
        class Says {
          void a() { try { } catch (IOException e) { say("a " + e); } }
          void b() { try { } catch (A | IOException e) { say(e.getMessage()); } }
          void c(Throwable why) { String.valueOf(why); }
          void d(Object o) { say(o.getClass().getSimpleName()); }
          void e() { try { } catch (RuntimeException e) { "%s".formatted(1, e); } }
          void f(Object o) { if (o instanceof IOException io) { say(io.toString()); } }
          void good() { try { } catch (IOException e) { throw new UserError(Why.of(e), e); } }
          void own() { try { } catch (UserError e) { say(e.getMessage()); } }
        }
        """;

    assertThat(found(List.of(new Examples.Source("a.Says", source))))
        .containsExactly(
            "/a/Says.java:2",
            "/a/Says.java:3",
            "/a/Says.java:4",
            "/a/Says.java:5",
            "/a/Says.java:6",
            "/a/Says.java:7");
  }

  private static List<String> found(Iterable<? extends JavaFileObject> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, p -> {}, List.of("-proc:none"), null, sources);
    List<String> found = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      new Scan(unit, Trees.instance(task), found).scan(unit, null);
    }
    return found;
  }

  /** Finds where a variable of one of Java's exceptions becomes text. */
  private static final class Scan extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<String> found;
    private Set<String> failures = new HashSet<>();

    Scan(CompilationUnitTree unit, Trees trees, List<String> found) {
      this.unit = unit;
      this.trees = trees;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      failures = new HashSet<>();
      return super.visitMethod(method, nothing);
    }

    @Override
    public Void visitCatch(CatchTree caught, Void nothing) {
      Set<String> around = new HashSet<>(failures);
      failures.remove(caught.getParameter().getName().toString());
      super.visitCatch(caught, nothing);
      failures = around;
      return null;
    }

    @Override
    public Void visitVariable(VariableTree variable, Void nothing) {
      String type = String.valueOf(variable.getType());
      if (JAVAS.matcher(type).find() && !type.contains("<")) {
        failures.add(variable.getName().toString());
      }
      return super.visitVariable(variable, nothing);
    }

    @Override
    public Void visitBinary(BinaryTree binary, Void nothing) {
      if (binary.getKind() == Tree.Kind.PLUS) {
        check(binary.getLeftOperand(), binary);
        check(binary.getRightOperand(), binary);
      }
      return super.visitBinary(binary, nothing);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
      if (call.getMethodSelect() instanceof MemberSelectTree member) {
        String name = member.getIdentifier().toString();
        if (SAYS.contains(name)) {
          check(member.getExpression(), call);
        }
        if (PRINTS.contains(name)) {
          call.getArguments().forEach(argument -> check(argument, call));
        }
        if (name.endsWith("Name") && member.getExpression().toString().endsWith("getClass()")) {
          add(call);
        }
      }
      return super.visitMethodInvocation(call, nothing);
    }

    private void check(ExpressionTree text, Tree where) {
      if (text instanceof IdentifierTree name && failures.contains(name.getName().toString())) {
        add(where);
      }
    }

    private void add(Tree tree) {
      long start = trees.getSourcePositions().getStartPosition(unit, tree);
      String name = unit.getSourceFile().getName().replace('\\', '/');
      found.add(name + ":" + unit.getLineMap().getLineNumber(start));
    }
  }
}
