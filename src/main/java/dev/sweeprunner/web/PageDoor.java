package dev.sweeprunner.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the page is asked for: a worker at which nobody looks does not even make it. Any thread.
 */
final class PageDoor extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** The front page, its documents and its files. */
  static final String[] ADDRESSES = {"", "/api/*", "*.html", "*.css", "*.js", "*.svg", "*.png"};

  private final transient Supplier<Servlet> making;
  private transient @Nullable Servlet page;
  private transient boolean closed;

  PageDoor(Supplier<Servlet> making) {
    this.making = making;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Servlet answering = page();
    if (answering == null) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else {
      answering.service(request, response);
    }
  }

  private synchronized @Nullable Servlet page() throws ServletException {
    if (page == null && !closed) {
      Servlet made = making.get();
      made.init(getServletConfig());
      page = made;
    }
    return page;
  }

  @Override
  public synchronized void destroy() {
    closed = true;
    if (page != null) {
      page.destroy();
    }
  }
}
