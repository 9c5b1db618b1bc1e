import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SlowCodecReaderWrapper;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.misc.index.BPIndexReorderer;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * Lucene behind the protocol of benchmarks/peers/program.py; with the argument {@code reordered}, documents
 * that share terms get numbers near one another.
 */
public final class LuceneProgram {
  private static final String[] FIELDS = {"lemma", "stem", "exact", "fold"};
  private static final float[] WEIGHTS = {1.0f, 0.5f, 0.1f};
  private static final String[] COUNTED = {"ministry", "language", "year"};
  private static final Analyzer ANALYZER = new WhitespaceAnalyzer();
  private static final int PASSAGE_CHARS = 200;

  private final boolean reordered;
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private IndexSearcher searcher;

  public static void main(String[] arguments) throws Exception {
    new LuceneProgram(List.of(arguments).contains("reordered")).serve();
  }

  private LuceneProgram(boolean reordered) {
    this.reordered = reordered;
  }

  private void serve() throws Exception {
    String line;
    while ((line = in.readLine()) != null) {
      String[] command = line.split("\t");
      switch (command[0]) {
        case "build" -> out.println(build(Path.of(command[1]), Integer.parseInt(command[2])));
        case "open" -> out.println(open(Path.of(command[1])));
        default -> run(Integer.parseInt(command[1]));
      }
      out.flush();
    }
  }

  /** Returns the fields of the next line, null at an empty one. */
  private String[] row() throws IOException {
    String line = in.readLine();
    return line.isEmpty() ? null : line.split("\t");
  }

  // --- Building ----------------------------------------------------------------------------------

  /** Commits after so many documents; merges them into one segment if that is 0. */
  private double build(Path folder, int commitEvery) throws IOException {
    long taken = 0;
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config())) {
      String[] row;
      for (int count = 1; (row = row()) != null; count++) {
        long since = System.nanoTime();
        writer.addDocument(document(row));
        if (commitEvery > 0 && count % commitEvery == 0) {
          writer.commit();
        }
        taken += System.nanoTime() - since;
      }
      long since = System.nanoTime();
      if (commitEvery == 0) {
        writer.forceMerge(1);
      }
      writer.commit();
      taken += System.nanoTime() - since;
    }
    long since = System.nanoTime();
    if (reordered) {
      reorder(folder);
    }
    return (taken + System.nanoTime() - since) / 1e9;
  }

  private static IndexWriterConfig config() {
    return new IndexWriterConfig(ANALYZER).setRAMBufferSizeMB(256).setUseCompoundFile(false);
  }

  /** Replaces an index of one segment by a reordered copy. */
  private static void reorder(Path folder) throws IOException {
    Path draft = folder.resolveSibling(folder.getFileName() + ".draft");
    try (Directory directory = new MMapDirectory(folder);
        Directory drafts = new MMapDirectory(draft);
        DirectoryReader reader = DirectoryReader.open(directory);
        IndexWriter writer = new IndexWriter(drafts, config())) {
      BPIndexReorderer reorderer = new BPIndexReorderer();
      reorderer.setFields(Set.of("lemma"));
      // The default suits millions of documents.
      reorderer.setMinDocFreq(Math.max(8, Math.min(reader.maxDoc() / 1000, 4096)));
      CodecReader segment = SlowCodecReaderWrapper.wrap(reader.leaves().get(0).reader());
      writer.addIndexes(reorderer.reorder(segment, drafts, ForkJoinPool.commonPool()));
      writer.forceMerge(1);
    }
    for (Path path : files(folder)) {
      Files.delete(path);
    }
    for (Path path : files(draft)) {
      Files.move(path, folder.resolve(path.getFileName()));
    }
    Files.delete(draft);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  private static Document document(String[] row) {
    Document document = new Document();
    document.add(new StringField("id", row[1], Field.Store.YES));
    document.add(new StoredField("title", row[2]));
    document.add(new StoredField("body", row[3]));
    for (int i = 0; i < COUNTED.length; i++) {
      document.add(new SortedDocValuesField(COUNTED[i], new BytesRef(row[4 + i])));
    }
    for (int i = 0; i < FIELDS.length; i++) {
      document.add(new TextField(FIELDS[i], row[4 + COUNTED.length + i], Field.Store.NO));
    }
    return document;
  }

  // --- Searching ---------------------------------------------------------------------------------

  /** Returns milliseconds and segments. */
  private String open(Path folder) throws IOException {
    long since = System.nanoTime();
    searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    double taken = (System.nanoTime() - since) / 1e6;
    return taken + "\t" + searcher.getLeafContexts().size();
  }

  private void run(int threads) throws Exception {
    List<String[]> asked = new ArrayList<>();
    String[] row;
    while ((row = row()) != null) {
      asked.add(row);
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    long since = System.nanoTime();
    List<Future<String>> answers = new ArrayList<>();
    for (String[] one : asked) {
      answers.add(pool.submit(() -> timed(one)));
    }
    for (Future<String> answer : answers) {
      out.println(answer.get());
    }
    out.println((System.nanoTime() - since) / 1e9);
    pool.shutdown();
  }

  private String timed(String[] asked) throws IOException {
    long since = System.nanoTime();
    String counts = answer(asked);
    return (System.nanoTime() - since) / 1e6 + "\t" + counts;
  }

  /** Returns total, hits, facets and passages. */
  @SuppressWarnings("deprecation") // The newer method searches segments in parallel; the peers do not.
  private String answer(String[] asked) throws IOException {
    Query wanted = asked[0].equals("phrase") ? phrase(asked) : words(asked);
    TopScoreDocCollector best =
        new TopScoreDocCollectorManager(10, Integer.MAX_VALUE).newCollector();
    Counts counts = new Counts();
    searcher.search(wanted, MultiCollector.wrap(best, counts));
    TopDocs found = best.topDocs();
    return String.join(
        "\t",
        Long.toString(found.totalHits.value()),
        Integer.toString(found.scoreDocs.length),
        Integer.toString(counts.named()),
        Integer.toString(passages(asked, found)));
  }

  private int passages(String[] asked, TopDocs found) throws IOException {
    UnifiedHighlighter highlighter =
        UnifiedHighlighter.builder(searcher, ANALYZER).withBreakIterator(LuceneProgram::passage).build();
    String[] marked = highlighter.highlight("body", marked(asked), found, 1);
    StoredFields stored = searcher.storedFields();
    int passages = 0;
    for (int i = 0; i < marked.length; i++) {
      String title = stored.document(found.scoreDocs[i].doc, Set.of("title")).get("title");
      passages += marked[i] != null && !title.isEmpty() ? 1 : 0;
    }
    return passages;
  }

  private static BreakIterator passage() {
    return LengthGoalBreakIterator.createClosestToLength(
        BreakIterator.getWordInstance(Locale.ROOT), PASSAGE_CHARS, 0.5f);
  }

  /** Returns what is marked: the words as they are written. */
  private static Query marked(String[] asked) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (int exact = WEIGHTS.length; exact < asked.length; exact += WEIGHTS.length) {
      for (String term : asked[exact].split(" ")) {
        any.add(new TermQuery(new Term("body", term)), BooleanClause.Occur.SHOULD);
      }
    }
    return any.build();
  }

  private static Query words(String[] asked) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (int word = 1; word < asked.length; word += WEIGHTS.length) {
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      for (int field = 0; field < WEIGHTS.length; field++) {
        for (String term : asked[word + field].split(" ")) {
          Query one = new TermQuery(new Term(FIELDS[field], term));
          any.add(new BoostQuery(one, WEIGHTS[field]), BooleanClause.Occur.SHOULD);
        }
      }
      all.add(any.build(), BooleanClause.Occur.MUST);
    }
    return all.build();
  }

  private static Query phrase(String[] asked) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (int field = 0; field < WEIGHTS.length; field++) {
      PhraseQuery.Builder phrase = new PhraseQuery.Builder();
      for (int word = 1; word < asked.length; word += WEIGHTS.length) {
        phrase.add(new Term(FIELDS[field], asked[word + field].split(" ")[0]));
      }
      any.add(phrase.build(), BooleanClause.Occur.SHOULD);
    }
    return any.build();
  }

  /** Counts the values of the facets among the hits. */
  private static final class Counts extends SimpleCollector {
    private final int[][] counts = new int[COUNTED.length][];
    private final SortedDocValues[] values = new SortedDocValues[COUNTED.length];
    private final List<TreeMap<String, Integer>> named = new ArrayList<>();

    Counts() {
      for (int i = 0; i < COUNTED.length; i++) {
        named.add(new TreeMap<>());
      }
    }

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      for (int i = 0; i < COUNTED.length; i++) {
        values[i] = DocValues.getSorted(context.reader(), COUNTED[i]);
        counts[i] = new int[values[i].getValueCount()];
      }
    }

    @Override
    public void collect(int document) throws IOException {
      for (int i = 0; i < COUNTED.length; i++) {
        if (values[i].advanceExact(document)) {
          counts[i][values[i].ordValue()]++;
        }
      }
    }

    @Override
    public void finish() throws IOException {
      for (int i = 0; i < COUNTED.length; i++) {
        for (int ordinal = 0; ordinal < counts[i].length; ordinal++) {
          if (counts[i][ordinal] > 0) {
            String name = values[i].lookupOrd(ordinal).utf8ToString();
            named.get(i).merge(name, counts[i][ordinal], Integer::sum);
          }
        }
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }

    /** Returns how many facets have any value. */
    int named() {
      return (int) named.stream().filter(counted -> !counted.isEmpty()).count();
    }
  }
}
