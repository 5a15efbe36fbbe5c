import java.io.File;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.parser.PreflightParser;
import org.apache.pdfbox.preflight.PreflightDocument;

/** Says of each file whether it is a PDF/A-1b, and why not. */
public class Preflight {
    public static void main(String[] files) throws Exception {
        for (String f : files) {
            PreflightParser parser = new PreflightParser(new File(f));
            parser.parse();
            try (PreflightDocument d = parser.getPreflightDocument()) {
                d.validate();
                ValidationResult r = d.getResult();
                if (r.isValid()) {
                    System.out.println(f + ": valid");
                    continue;
                }
                for (ValidationResult.ValidationError e : r.getErrorsList()) {
                    System.out.println(f + ": " + e.getErrorCode() + " " + e.getDetails());
                }
            }
        }
    }
}
