"""Short forms: initials, clippings, and the abbreviations that are no initials of what they stand for."""

from __future__ import annotations

from bot.core.grading.normalise import plain
from bot.core.grading.wordclasses import word_set
from bot.core.grading.wordforms import root

# A family of equal terms each: the short form, then the long ones. A short form with two senses has two families.
_STAND_FOR = """
adagrad: adaptive gradient | adam: adaptive moment estimation | ae: autoencoder | vae: variational autoencoder
ai: artificial intelligence | ml: machine learning | dl: deep learning | rl: reinforcement learning
anova: analysis of variance | api: application programming interface | ann: artificial neural network
asgd: averaged stochastic gradient descent | auc: area under the curve; area under the roc curve
roc: receiver operating characteristic | auroc: area under the roc curve | backprop: backpropagation
bp: backpropagation; backward propagation; backward propagation of errors; error backpropagation
batchnorm: batch normalization | bn: batch normalization | layernorm: layer normalization
ln: layer normalization | bce: binary cross entropy | ce: cross entropy | cce: categorical cross entropy
bert: bidirectional encoder representations from transformers | bfs: breadth first search
dfs: depth first search | bow: bag of words | bpe: byte pair encoding | bptt: backpropagation through time
cart: classification and regression tree | cbow: continuous bag of words
cnn: convolutional neural network; convolution neural network
convnet: convolutional neural network; convolutional network | cot: chain of thought
cpu: central processing unit | gpu: graphics processing unit; graphical processing unit
tpu: tensor processing unit | crf: conditional random field | css: cascading style sheets
html: hypertext markup language; hyper text markup language | http: hypertext transfer protocol
https: hypertext transfer protocol secure | url: uniform resource locator | sql: structured query language
xml: extensible markup language | json: javascript object notation | csv: comma separated values
dna: deoxyribonucleic acid | rna: ribonucleic acid | mrna: messenger rna | atp: adenosine triphosphate
dnn: deep neural network | dqn: deep q network | dt: decision tree | rf: random forest
lda: latent dirichlet allocation | lda: linear discriminant analysis | elu: exponential linear unit
relu: rectified linear unit; rectified linear; rectifier; rectifier linear unit
selu: scaled exponential linear unit | gelu: gaussian error linear unit
prelu: parametric relu; parametric rectified linear unit | lrelu: leaky relu | elbo: evidence lower bound
em: expectation maximization | ema: exponential moving average | expmax: expectation maximization
ffn: feed forward network; feedforward network | ffnn: feed forward neural network
fnn: feed forward neural network | fid: frechet inception distance | fn: false negative | fp: false positive
tn: true negative | tp: true positive | fpr: false positive rate | tpr: true positive rate
gan: generative adversarial network; generative adversarial net | gbm: gradient boosting machine
gbdt: gradient boosted decision tree | gd: gradient descent | gmm: gaussian mixture model
gnn: graph neural network | gcn: graph convolutional network
gpt: generative pretrained transformer; generative pre trained transformer | gru: gated recurrent unit
hmm: hidden markov model | ica: independent component analysis | idf: inverse document frequency
tfidf: term frequency inverse document frequency | iid: independent and identically distributed
iou: intersection over union | jsd: jensen shannon divergence | kl: kullback leibler
kld: kullback leibler divergence; kl divergence
knn: k nearest neighbors; k nearest neighbor; nearest neighbors
lasso: least absolute shrinkage and selection operator | lr: learning rate | lstm: long short term memory
llm: large language model | lm: language model | nlm: neural language model | lsh: locality sensitive hashing
mae: mean absolute error | map: maximum a posteriori | map: mean average precision
mape: mean absolute percentage error | mse: mean squared error; mean square error
rmse: root mean squared error; root mean square error | mcmc: markov chain monte carlo | mc: monte carlo
mdp: markov decision process | mle: maximum likelihood estimation; maximum likelihood
mlp: multilayer perceptron; multi layer perceptron | moe: mixture of experts
nag: nesterov accelerated gradient | nas: neural architecture search | nb: naive bayes
ner: named entity recognition | nll: negative log likelihood | nlp: natural language processing
nmt: neural machine translation | nn: neural network | ocr: optical character recognition
ols: ordinary least squares | oop: object oriented programming | oob: out of bag
pca: principal component analysis | pdf: probability density function | cdf: cumulative distribution function
pmf: probability mass function | ppo: proximal policy optimization | rag: retrieval augmented generation
ram: random access memory | rom: read only memory | rbf: radial basis function
rbm: restricted boltzmann machine | dbn: deep belief network | resnet: residual network; residual neural network
rlhf: reinforcement learning from human feedback | dpo: direct preference optimization
rmsprop: root mean square propagation | rnn: recurrent neural network | rpn: region proposal network
sa: simulated annealing | seq2seq: sequence to sequence | sgd: stochastic gradient descent
sgdm: sgd with momentum
smote: synthetic minority oversampling technique; synthetic minority over sampling technique
som: self organizing map | sse: sum of squared errors | svd: singular value decomposition
svm: support vector machine | svr: support vector regression | tanh: hyperbolic tangent; tangent hyperbolic
tf: term frequency | tsne: t distributed stochastic neighbor embedding | vit: vision transformer
wgan: wasserstein gan | xgboost: extreme gradient boosting
xai: explainable artificial intelligence; explainable ai | cv: computer vision | cv: cross validation
kfold: k fold cross validation | std: standard deviation | sd: standard deviation | ci: confidence interval
pr: precision recall | ohe: one hot encoding | c++: c plus plus; cpp; cplusplus | c#: c sharp; csharp
f#: f sharp | js: javascript | ts: typescript | py: python | os: operating system
ide: integrated development environment | vm: virtual machine | vpn: virtual private network
lan: local area network | wan: wide area network | dns: domain name system | ip: internet protocol
tcp: transmission control protocol | usb: universal serial bus | ssd: solid state drive | hdd: hard disk drive
ftp: file transfer protocol | ssh: secure shell | io: input output | ui: user interface
gui: graphical user interface | bst: binary search tree | gcd: greatest common divisor
lcm: least common multiple | fifo: first in first out | lifo: last in first out | mst: minimum spanning tree
us: united states; united states of america | usa: united states of america; united states; america; us
uk: united kingdom | uae: united arab emirates | ussr: soviet union; union of soviet socialist republics
eu: european union | un: united nations | nato: north atlantic treaty organization
who: world health organization | nasa: national aeronautics and space administration
nyc: new york city; new york | la: los angeles | sf: san francisco | dc: washington dc
ww1: world war i; world war 1; first world war; wwi; great war
ww2: world war ii; world war 2; second world war; wwii | jfk: john f kennedy; john fitzgerald kennedy
mlk: martin luther king; martin luther king jr | fdr: franklin d roosevelt | gdp: gross domestic product
ceo: chief executive officer | cia: central intelligence agency | fbi: federal bureau of investigation
uv: ultraviolet | ir: infrared | co2: carbon dioxide | h2o: water | nacl: sodium chloride; table salt
o2: oxygen | hcl: hydrochloric acid | led: light emitting diode
laser: light amplification by stimulated emission of radiation | mri: magnetic resonance imaging
tv: television | phd: doctor of philosophy | hiv: human immunodeficiency virus | ph: potential of hydrogen
log: logarithm | ln: natural logarithm | sin: sine | cos: cosine | tan: tangent | exp: exponential
avg: average
"""

# Each clipping with the word it is short for.
_CLIPPED = """
norm:normalization grad:gradient conv:convolutional conv:convolution conv:convolutions net:network nets:networks
nn:network param:parameter params:parameters hyperparam:hyperparameter hyperparams:hyperparameters
info:information approx:approximation prob:probability probs:probabilities dist:distribution max:maximum
min:minimum avg:average std:standard dev:deviation var:variance func:function fn:function coeff:coefficient
coef:coefficient diff:difference dim:dimension dims:dimensions dim:dimensional seq:sequence vec:vector
alg:algorithm algo:algorithm config:configuration init:initialization reg:regularization opt:optimization
optim:optimizer prop:propagation backprop:backpropagation acc:accuracy temp:temperature stat:statistics
stats:statistics eval:evaluation env:environment calc:calculus lang:language gen:generation
classif:classification rep:representation repr:representation attn:attention embed:embedding embeds:embeddings
quant:quantization distr:distribution autoenc:autoencoder disc:discriminator adv:adversarial val:validation
sup:supervised semi:semisupervised div:divergence ent:entropy xent:cross_entropy mult:multiplication sq:squared
abs:absolute exp:exponential log:logarithm log:logarithmic rand:random sim:similarity cos:cosine lin:linear
poly:polynomial vs:versus intl:international govt:government univ:university mt:mount st:saint dept:department
sec:second bin:binary bio:biology chem:chemistry math:mathematics maths:mathematics photo:photograph phone:telephone
gym:gymnasium lab:laboratory vit:vitamin exam:examination ad:advertisement flu:influenza app:application
bike:bicycle
"""

_SMALL = word_set("of the a an and for in on to by with from at or")


def _table() -> dict[str, tuple[str, ...]]:
    """Each form of a family of equal terms, as roots, with the other forms."""
    found: dict[str, list[str]] = {}
    for entry in _STAND_FOR.replace("\n", "|").split("|"):
        if ":" in entry:
            short, longs = entry.split(":")
            family = [short.strip(), *(plain(long) for long in longs.split(";"))]
            for form in family:
                found.setdefault(rooted(form), []).extend(other for other in family if other != form)
    return {form: tuple(dict.fromkeys(others)) for form, others in found.items()}


def rooted(plain_text: str) -> str:
    """A plain text with every word as its root."""
    return " ".join(root(word) for word in plain_text.split())


def equivalents(plain_text: str) -> tuple[str, ...]:
    """What a short form stands for, or the short forms of a long one."""
    return _EQUIVALENT.get(rooted(plain_text), ())


def initials(found: list[str]) -> tuple[str, ...]:
    """The initials of a term with and without its small words: ``bag of words`` gives ``bow`` and ``bw``."""
    long = [word for word in found if word not in _SMALL]
    if len(long) < 2:
        return ()
    return tuple(dict.fromkeys(("".join(map(_initial, long)), "".join(map(_initial, found)))))


def is_clipping(said: str, meant: str) -> bool:
    """Whether ``said`` is a usual clipping of ``meant``: norm for normalization; or the long form of one: maximum."""
    return root(meant) in _CLIPPINGS.get(said, ()) or (meant in _BOTH_WAYS and root(said) in _CLIPPINGS[meant])


def _initial(word: str) -> str:
    return word if word[0].isdigit() or word in _ROMAN else word[0]


_ROMAN = word_set("ii iii iv vi vii viii ix")
_BOTH_WAYS = word_set("log max min avg std info param params net algo seq prob approx config")
_EQUIVALENT = _table()
_CLIPPINGS: dict[str, set[str]] = {}
for _pair in _CLIPPED.split():
    _short, _long = _pair.split(":")
    _CLIPPINGS.setdefault(_short, set()).add(root(_long))
