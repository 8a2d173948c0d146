// A JVM that tells its pid, has a shutdown hook of some tenths of a second, and otherwise waits.
public class Stop {
  public static void main(String[] args) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        System.out.println("hook interrupted");
      }
      System.out.println("hook ran");
    }));
    System.out.println("ready " + ProcessHandle.current().pid());
    Thread.sleep(600_000);
  }
}
