package dev.sweeprunner.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Lengths of files and of what is executable in them, in lines, read from the syntax tree. */
final class SourceSizes {
  private SourceSizes() {}

  /**
   * One file.
   *
   * @param name as the compiler was given it
   * @param lines in the file
   * @param parts methods, constructors, initialisers and lambdas
   */
  record Size(String name, long lines, List<Part> parts) {}

  /**
   * One executable part, from its first modifier to its closing brace.
   *
   * @param what its name
   * @param line where it starts
   * @param lines how many
   */
  record Part(String what, long line, long lines) {}

  /** Parses sources without resolving anything. */
  static List<Size> of(Iterable<? extends JavaFileObject> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, null, problem -> {}, List.of("-proc:none"), null, sources);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    List<Size> sizes = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      List<Part> parts = new ArrayList<>();
      new Scan(unit, positions, parts).scan(unit, null);
      long lines = unit.getSourceFile().getCharContent(true).toString().lines().count();
      sizes.add(new Size(unit.getSourceFile().getName(), lines, parts));
    }
    return sizes;
  }

  /** Collects the executable parts of one file. */
  private static final class Scan extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Part> parts;
    private int depth;

    Scan(CompilationUnitTree unit, SourcePositions positions, List<Part> parts) {
      this.unit = unit;
      this.positions = positions;
      this.parts = parts;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      add(method.getName().toString(), method);
      depth++;
      super.visitMethod(method, nothing);
      depth--;
      return null;
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree lambda, Void nothing) {
      add("lambda", lambda);
      depth++;
      super.visitLambdaExpression(lambda, nothing);
      depth--;
      return null;
    }

    @Override
    public Void visitBlock(BlockTree block, Void nothing) {
      if (depth == 0) {
        add("initialiser", block);
      }
      return super.visitBlock(block, nothing);
    }

    private void add(String what, Tree tree) {
      LineMap map = unit.getLineMap();
      long first = map.getLineNumber(positions.getStartPosition(unit, tree));
      long end = positions.getEndPosition(unit, tree);
      long last = end < 0 ? first : map.getLineNumber(end - 1);
      parts.add(new Part(what, first, last - first + 1));
    }
  }
}
