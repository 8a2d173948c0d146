package com.dremio.dac.daemon;

/** Tells what Dremio's daemon would see of its command line, then waits for its end. */
public class DremioDaemon {
  public static void main(String[] args) throws Exception {
    for (String name : new String[] {"services.web-admin.port", "services.web-admin.host",
        "dremio.termination_grace_period_seconds", "services.executor.enabled"}) {
      System.out.println(name + "=" + System.getProperty(name));
    }
    System.out.println("container=" + System.getenv("DREMIO_IN_CONTAINER"));
    System.out.println("secret=" + System.getenv("EBB_DREMIO_PASSWORD"));
    System.out.println("arguments=" + String.join(",", args));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
    System.out.println("ready " + ProcessHandle.current().pid());
    Thread.sleep(600_000);
  }
}
