//! The names of draws: what each decides.

/// What a draw decides. The numbers are part of the keys of luck: they are never changed, nor used
/// again for something else. Wherever a purpose is drawn more than once for the same child, an
/// ordinal tells the draws apart.
#[repr(u16)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    // Drawn by the calendar: the same under every structure.
    Birth = 100,
    FirstLevels = 101,
    Presentation = 102,
    OnsetOfNeed = 103,
    PlainContact = 104,
    House = 105,
    OwnContact = 106,
    NeedMark = 107,
    AreaDiffers = 108,
    Family = 109,
    PostAtStart = 110,
    PostChanges = 111,
    LeavesInChange = 112,
    WorkerChanges = 113,
    JoinsIn = 114,
    ScriptedMove = 115,
    ScriptedSignal = 116,
    // Drawn by events.
    Signal = 200,
    HarmRefers = 201,
    Preparation = 210,
    Transit = 211,
    Loss = 212,
    Chase = 213,
    WrongDoor = 214,
    MoveDelay = 215,
    Screening = 220,
    PerceivedAtScreening = 221,
    Assessment = 222,
    CoreAssessment = 223,
    PerceivedAtAssessment = 224,
    PerceivedAtCore = 225,
    Reply = 226,
    AcceptedElsewhere = 227,
    SecondPanel = 228,
    Course = 230,
    FirstReview = 231,
    PerceivedAtReview = 232,
    SeededPlace = 240,
    FoundByLead = 250,
    TimeToLead = 251,
    SeenByOversight = 252,
    JointPart = 253,
    PulledToDeadline = 254,
    PulledToDeadlineCore = 255,
    GivesUp = 256,
    WorkerGap = 257,
    ToAdultServices = 258,
}
