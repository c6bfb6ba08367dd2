package dev.sweeprunner.page;

/**
 * A thread of the page: a daemon that gives way to all others. It does not belong to the server in
 * whose request it was begun, which would warn of it at its end.
 */
final class PageThread extends Thread {
  PageThread(String name, Runnable work) {
    super(work, name);
    setDaemon(true);
    setPriority(MIN_PRIORITY);
    setContextClassLoader(PageThread.class.getClassLoader());
  }
}
