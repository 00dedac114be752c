import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What the login redirect is measured against: a whiteboard servlet that answers one and the same 302. */
public class NoOpBundle implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        int cookie = Integer.parseInt(context.getBundle().getHeaders().get("No-Op-Cookie"));
        int location = Integer.parseInt(context.getBundle().getHeaders().get("No-Op-Location"));
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", "/no-op/login");
        context.registerService(Servlet.class, new Redirect("c".repeat(cookie), "l".repeat(location)), properties);
    }

    @Override
    public void stop(BundleContext context) {}

    private static final class Redirect extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final String cookie;
        private final String location;

        Redirect(String cookie, String location) {
            this.cookie = cookie;
            this.location = location;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(302);
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.addHeader("Set-Cookie", cookie);
            response.setHeader("Location", location);
        }
    }
}
