import java.net.InetAddress;

/** Prints what an executor registers as: Dremio takes the canonical name of the local host. */
public class HostName {
  public static void main(String[] unused) throws Exception {
    System.out.println(InetAddress.getLocalHost().getCanonicalHostName());
  }
}
