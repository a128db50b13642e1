using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Writes a short collection of scalars on one line: <c>cap_drop: [ALL]</c>, <c>{source: uploads, target: /srv}</c>. A collection that
/// holds other collections stays a block, unless those are empty. Indentation does not count, so that a service is written the same alone
/// and within its file.
/// </summary>
internal sealed class ShortCollectionsEmitter(IEmitter inner) : IEmitter
{
    private const int LongestLine = 100;

    /// <summary>The events of the innermost open collection, held back while it may still fit on one line.</summary>
    private readonly List<ParsingEvent> _held = [];

    /// <summary>1 within the held collection, 2 within a collection nested in it that may turn out to be empty.</summary>
    private int _depth;

    public void Emit(ParsingEvent @event)
    {
        var (starts, ends) = (@event is SequenceStart or MappingStart, @event is SequenceEnd or MappingEnd);
        if (_depth == 2 && !ends)
            ReleaseOuter();
        if (_depth == 0 && !starts)
        {
            inner.Emit(@event);
            return;
        }

        _held.Add(@event);
        _depth +=
            starts ? 1
            : ends ? -1
            : 0;
        if (_depth > 0)
            return;
        if (_held.Sum(Length) <= LongestLine)
            _held[0] = OnOneLine(_held[0]);
        _held.ForEach(inner.Emit);
        _held.Clear();
    }

    private void ReleaseOuter()
    {
        _held[..^1].ForEach(inner.Emit);
        _held.RemoveRange(0, _held.Count - 1);
        _depth = 1;
    }

    private static int Length(ParsingEvent @event) => ((@event as Scalar)?.Value.Length ?? 0) + ", ".Length;

    private static ParsingEvent OnOneLine(ParsingEvent start) =>
        start switch
        {
            SequenceStart sequence => new SequenceStart(sequence.Anchor, sequence.Tag, sequence.IsImplicit, SequenceStyle.Flow),
            MappingStart mapping => new MappingStart(mapping.Anchor, mapping.Tag, mapping.IsImplicit, MappingStyle.Flow),
            _ => start,
        };
}
